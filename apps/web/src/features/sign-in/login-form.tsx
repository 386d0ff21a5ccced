import { errorReason, fieldErrors } from '@gatehouse/client';
import { useLogin } from '@gatehouse/client/react';
import { loginInputSchema } from '@gatehouse/contract';
import { Checkbox, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { ActionButton } from '../../shared/action-button.tsx';
import { firstOfEach } from '../../shared/field-messages.ts';
import { FormFailure } from '../../shared/form-failure.tsx';
import classes from './login-form.module.css';
import { PasswordField } from '../../shared/password-field.tsx';
import { SignInNotice } from './sign-in-notice.tsx';

export function LoginForm({ reason }: { reason: string | undefined }) {
  const login = useLogin();
  const form = useForm({
    initialValues: { identifier: '', password: '', remember: false },
    validate: schemaResolver(loginInputSchema, { sync: true }),
  });
  // Signed in is busy too: the next page is on its way.
  const busy = login.isPending || login.isSuccess;
  // Problems of single fields stand at the fields.
  const failure = errorReason(login.error) === 'INVALID_INPUT' ? null : login.error;
  const focusFirst = (errors: object) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus();

  const submit = form.onSubmit((values) => {
    if (busy) return;
    login.mutate(values, {
      onError(error) {
        const messages = firstOfEach(fieldErrors(error));
        form.setErrors(messages);
        focusFirst(messages);
        // What was typed as a password is wrong; who typed it is not.
        if (errorReason(error) === 'INVALID_CREDENTIALS') form.setFieldValue('password', '');
      },
    });
  }, focusFirst);

  return (
    // Without script the browser would send the form itself: by POST, so that no password gets into an address.
    <form method="post" onSubmit={submit} noValidate className={classes.form} aria-label="Sign in">
      {failure ? <FormFailure error={failure} /> : <SignInNotice reason={reason} />}
      <TextInput
        label="User name or e-mail"
        name="identifier"
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the form is all there is on this page, and the label says what it asks
        autoFocus
        size="md"
        {...form.getInputProps('identifier')}
      />
      <PasswordField label="Password" name="password" autoComplete="current-password" size="md" {...form.getInputProps('password')} />
      <Checkbox
        label="Stay signed in"
        iconColor="var(--mantine-primary-color-contrast)"
        description="Only on a device that nobody else uses."
        {...form.getInputProps('remember', { type: 'checkbox' })}
      />
      <ActionButton type="submit" size="md" busy={busy} fullWidth>
        Sign in
      </ActionButton>
    </form>
  );
}
