import { errorReason, fieldErrors } from '@gatehouse/client';
import { trpc, useMe } from '@gatehouse/client/react';
import { passwordChangeInputSchema } from '@gatehouse/contract';
import { schemaResolver, useForm } from '@mantine/form';
import { ActionButton } from '../../shared/action-button.tsx';
import { firstMessages } from '../../shared/field-errors.ts';
import { FormFailure } from '../../shared/form-failure.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { PasswordField } from '../../shared/password-field.tsx';
import { pluralize } from '../../shared/pluralize.ts';
import { useIsMounted } from '../../shared/use-is-mounted.ts';
import classes from './profile-form.module.css';

export function PasswordForm() {
  const { data: me } = useMe();
  const queries = trpc.useUtils();
  const isMounted = useIsMounted();
  const change = trpc.account.changePassword.useMutation({
    onSuccess({ ended }) {
      form.reset();
      notifyDone(`Password changed. ${ended === 0 ? 'You had no other sessions.' : `${pluralize(ended, 'other session')} ended.`}`);
      return Promise.all([queries.auth.me.invalidate(), queries.sessions.list.invalidate(), queries.account.recentActivity.invalidate()]);
    },
    onError(error) {
      // On another page, the user would not see the form's error.
      if (!isMounted()) return notifyFailure('Your password could not be changed', error);
      const messages = firstMessages(fieldErrors(error));
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
      {/* Tells password managers which account the password belongs to. */}
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
