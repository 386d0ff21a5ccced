import type { LoginInput } from '@gatehouse/contract';
import { Checkbox, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { PasswordField } from '../../shared/password-field.tsx';
import { useServerForm } from '../../shared/use-server-form.ts';
import classes from './login-form.module.css';
import { signedOutMessageKey } from './reason-message.ts';

/** Loaded when the form is sent: the schemas are a fifth of the first load otherwise. */
const loadSchema = async () => (await import('./login-schema.ts')).loginInputSchema;

export function LoginForm({ reason, send }: { reason: string | undefined; send: (input: LoginInput) => Promise<unknown> }) {
  const t = useTranslations('signIn');
  const { form, onSubmit, busy, failure } = useServerForm({
    schema: loadSchema,
    initialValues: { identifier: '', password: '', remember: false },
    send,
    // Keep the user name.
    clearOn: { INVALID_CREDENTIALS: ['password'] },
    busyAfterSuccess: true,
  });
  return (
    // POST, so that the password does not appear in a URL if the form is submitted without JavaScript.
    <form method="post" onSubmit={onSubmit} noValidate className={classes.form} aria-label={t('title')}>
      {failure ? <FormFailure error={failure} /> : <SignInNotice reason={reason} />}
      <TextInput
        label={t('identifier')}
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
      <PasswordField label={t('password')} name="password" autoComplete="current-password" size="md" {...form.getInputProps('password')} />
      <Checkbox
        label={t('remember')}
        iconColor="var(--mantine-primary-color-contrast)"
        description={t('rememberHint')}
        {...form.getInputProps('remember', { type: 'checkbox' })}
      />
      <ActionButton type="submit" size="md" busy={busy} fullWidth>
        {t('submit')}
      </ActionButton>
    </form>
  );
}

/** Why the user was sent to the login page. The end of a session stands out more than a request to sign in. */
function SignInNotice({ reason }: { reason: string | undefined }) {
  const t = useTranslations('errors.reasons');
  const key = signedOutMessageKey(reason);
  if (!key) return null;
  return <output className={key === 'SIGN_IN_REQUIRED' ? classes.quiet : classes.news}>{t(key)}</output>;
}
