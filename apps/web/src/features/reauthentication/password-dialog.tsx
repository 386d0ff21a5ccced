import { errorReason, fieldErrors } from '@gatehouse/client';
import { useMe, useReauthenticate } from '@gatehouse/client/react';
import { reauthenticateInputSchema, REASONS } from '@gatehouse/contract';
import { schemaResolver, useForm } from '@mantine/form';
import { ActionButton } from '../../shared/action-button.tsx';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import { firstMessages } from '../../shared/field-errors.ts';
import { FormFailure } from '../../shared/form-failure.tsx';
import { PasswordField } from '../../shared/password-field.tsx';
import classes from './password-dialog.module.css';

export function PasswordDialog({ onDone }: { onDone: (entered: boolean) => void }) {
  const { data: me } = useMe();
  const reauthenticate = useReauthenticate();
  const form = useForm({ initialValues: { password: '' }, validate: schemaResolver(reauthenticateInputSchema, { sync: true }) });
  const focusField = () => form.getInputNode('password')?.focus();
  const reason = errorReason(reauthenticate.error);
  const isFieldError = reason === 'WRONG_PASSWORD' || reason === 'INVALID_INPUT';

  const submit = form.onSubmit((values) => {
    if (reauthenticate.isPending) return;
    reauthenticate.mutate(values, {
      onSuccess: () => onDone(true),
      onError(error) {
        if (errorReason(error) === 'WRONG_PASSWORD') form.setValues({ password: '' });
        form.setErrors(
          errorReason(error) === 'WRONG_PASSWORD' ? { password: REASONS.WRONG_PASSWORD.message } : firstMessages(fieldErrors(error)),
        );
        focusField();
      },
    });
  }, focusField);

  return (
    <Dialog title="Confirm your password" onCancel={() => onDone(false)}>
      <form method="post" onSubmit={submit} noValidate className={classes.form} aria-label="Confirm your password">
        <p className={classes.why}>For your security, enter your password to continue.</p>
        {reauthenticate.error && !isFieldError && <FormFailure error={reauthenticate.error} />}
        {/* Tells password managers which account the password belongs to. */}
        <input type="hidden" name="username" autoComplete="username" value={me?.user.username ?? ''} readOnly />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the field is the only input of the dialog
          autoFocus
          size="md"
          {...form.getInputProps('password')}
        />
        <DialogActions onCancel={() => onDone(false)}>
          <ActionButton type="submit" busy={reauthenticate.isPending}>
            Continue
          </ActionButton>
        </DialogActions>
      </form>
    </Dialog>
  );
}
