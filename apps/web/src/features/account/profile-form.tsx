import { errorReason, fieldErrors } from '@gatehouse/client';
import { trpc, useMe } from '@gatehouse/client/react';
import { profileInputSchema } from '@gatehouse/contract';
import { TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { ActionButton } from '../../shared/action-button.tsx';
import { firstMessages } from '../../shared/field-errors.ts';
import { FormFailure } from '../../shared/form-failure.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { useIsMounted } from '../../shared/use-is-mounted.ts';
import classes from './profile-form.module.css';

export function ProfileForm() {
  const { data: me } = useMe();
  const queries = trpc.useUtils();
  const isMounted = useIsMounted();
  const update = trpc.account.updateProfile.useMutation({
    async onSuccess(user) {
      form.setValues({ name: user.name });
      form.resetDirty({ name: user.name });
      notifyDone('Name saved.');
      await Promise.all([queries.auth.me.invalidate(), queries.account.recentActivity.invalidate()]);
    },
    onError(error) {
      // On another page, the user would not see the form's error.
      if (!isMounted()) return notifyFailure('Your name could not be saved', error);
      const messages = firstMessages(fieldErrors(error));
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
