import { errorReason, fieldErrors } from '@gatehouse/client';
import { useMe } from '@gatehouse/client/react';
import { profileInputSchema } from '@gatehouse/contract';
import { TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { ActionButton } from '../../shared/action-button.tsx';
import { firstOfEach } from '../../shared/field-messages.ts';
import { FormFailure } from '../../shared/form-failure.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { useIsShown } from '../../shared/use-is-shown.ts';
import classes from './profile-form.module.css';
import { useUpdateProfile } from './use-update-profile.ts';

export function ProfileForm() {
  const { data: me } = useMe();
  const isShown = useIsShown();
  const update = useUpdateProfile({
    onSuccess(user) {
      form.setValues({ name: user.name });
      form.resetDirty({ name: user.name });
      notifyDone('Your name is saved.');
    },
    onError(error) {
      // Someone who has gone to another page does not see what the form says.
      if (!isShown()) return notifyFailure('Your name was not stored', error);
      const messages = firstOfEach(fieldErrors(error));
      form.setErrors(messages);
      focusFirst(messages);
    },
  });
  const failure = errorReason(update.error) === 'INVALID_INPUT' ? null : update.error;
  const form = useForm({
    initialValues: { name: me?.user.name ?? '' },
    validate: schemaResolver(profileInputSchema, { sync: true }),
  });
  const focusFirst = (errors: object) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus();

  const submit = form.onSubmit((values) => {
    if (update.isPending) return;
    update.mutate(values);
  }, focusFirst);

  return (
    <form method="post" onSubmit={submit} noValidate className={classes.form} aria-label="Your name">
      {failure && <FormFailure error={failure} />}
      <TextInput label="Name" name="name" autoComplete="name" size="md" {...form.getInputProps('name')} />
      <ActionButton type="submit" busy={update.isPending}>
        Save
      </ActionButton>
    </form>
  );
}
