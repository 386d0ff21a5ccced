import { errorReason, fieldErrors } from '@gatehouse/client';
import { trpc, useMe } from '@gatehouse/client/react';
import { passwordChangeInputSchema } from '@gatehouse/contract';
import { schemaResolver, useForm } from '@mantine/form';
import { ActionButton } from '../../shared/action-button.tsx';
import { counted } from '../../shared/counted.ts';
import { firstOfEach } from '../../shared/field-messages.ts';
import { FormFailure } from '../../shared/form-failure.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { PasswordField } from '../../shared/password-field.tsx';
import { useIsShown } from '../../shared/use-is-shown.ts';
import classes from './profile-form.module.css';

export function PasswordForm() {
  const { data: me } = useMe();
  const queries = trpc.useUtils();
  const isShown = useIsShown();
  const change = trpc.account.changePassword.useMutation({
    onSuccess({ ended }) {
      form.reset();
      notifyDone(
        `Your password is changed. ${ended === 0 ? 'There was no other session to end.' : `${counted(ended, 'other session')} ended.`}`,
      );
      return Promise.all([queries.auth.me.invalidate(), queries.sessions.list.invalidate(), queries.account.recentActivity.invalidate()]);
    },
    onError(error) {
      // Someone who has gone to another page does not see what the form says.
      if (!isShown()) return notifyFailure('Your password was not changed', error);
      const messages = firstOfEach(fieldErrors(error));
      form.setErrors(messages);
      focusFirst(messages);
    },
  });
  const reason = errorReason(change.error);
  const failure = reason === 'INVALID_INPUT' || reason === 'WRONG_PASSWORD' ? null : change.error;
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '' },
    validate: schemaResolver(passwordChangeInputSchema, { sync: true }),
  });
  const focusFirst = (errors: object) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus();

  const submit = form.onSubmit((values) => {
    if (change.isPending) return;
    change.mutate(values);
  }, focusFirst);

  return (
    <form method="post" onSubmit={submit} noValidate className={classes.form} aria-label="Your password">
      {failure && <FormFailure error={failure} />}
      {/* So that a password manager knows whose password is changed. */}
      <input type="hidden" name="username" autoComplete="username" value={me?.user.username ?? ''} readOnly />
      <PasswordField
        label="Current password"
        name="currentPassword"
        autoComplete="current-password"
        size="md"
        {...form.getInputProps('currentPassword')}
      />
      <PasswordField
        label="New password"
        description="At least 8 characters. Several unrelated words make a good password."
        name="newPassword"
        autoComplete="new-password"
        size="md"
        {...form.getInputProps('newPassword')}
      />
      <ActionButton type="submit" busy={change.isPending}>
        Change password
      </ActionButton>
    </form>
  );
}
