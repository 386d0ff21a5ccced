import { errorReason, fieldErrors } from '@gatehouse/client';
import { useLogin } from '@gatehouse/client/react';
import { loginInputSchema } from '@gatehouse/contract';
import { Checkbox, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { ActionButton } from '../../shared/action-button.tsx';
import { firstMessages } from '../../shared/field-errors.ts';
import { FormFailure } from '../../shared/form-failure.tsx';
import { PasswordField } from '../../shared/password-field.tsx';
import classes from './login-form.module.css';
import { reasonMessage } from './reason-message.ts';

export function LoginForm({ reason }: { reason: string | undefined }) {
  const login = useLogin();
  const form = useForm({
    initialValues: { identifier: '', password: '', remember: false },
    validate: schemaResolver(loginInputSchema, { sync: true }),
  });
  // Stays busy after success, while the next page loads.
  const busy = login.isPending || login.isSuccess;
  // Field errors are shown at the fields.
  const failure = errorReason(login.error) === 'INVALID_INPUT' ? null : login.error;
  const focusFirst = (errors: object) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus();

  const submit = form.onSubmit((values) => {
    if (busy) return;
    login.mutate(values, {
      onError(error) {
        const messages = firstMessages(fieldErrors(error));
        form.setErrors(messages);
        focusFirst(messages);
        // Keep the user name.
        if (errorReason(error) === 'INVALID_CREDENTIALS') form.setFieldValue('password', '');
      },
    });
  }, focusFirst);

  return (
    // POST, so that the password does not appear in a URL if the form is submitted without JavaScript.
    <form method="post" onSubmit={submit} noValidate className={classes.form} aria-label="Sign in">
      {failure ? <FormFailure error={failure} /> : <SignInNotice reason={reason} />}
      <TextInput
        label="User name or e-mail"
        name="identifier"
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the form is the only content of the page
        autoFocus
        size="md"
        {...form.getInputProps('identifier')}
      />
      <PasswordField label="Password" name="password" autoComplete="current-password" size="md" {...form.getInputProps('password')} />
      <Checkbox
        label="Stay signed in"
        iconColor="var(--mantine-primary-color-contrast)"
        description="Not recommended on shared devices."
        {...form.getInputProps('remember', { type: 'checkbox' })}
      />
      <ActionButton type="submit" size="md" busy={busy} fullWidth>
        Sign in
      </ActionButton>
    </form>
  );
}

/** Why the user was sent to the login page. The end of a session stands out more than a request to sign in. */
function SignInNotice({ reason }: { reason: string | undefined }) {
  const message = reasonMessage(reason);
  if (!message) return null;
  return <output className={reason === 'SIGN_IN_REQUIRED' ? classes.quiet : classes.news}>{message}</output>;
}
