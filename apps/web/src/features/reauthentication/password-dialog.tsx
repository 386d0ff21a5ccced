import { useMe, useReauthenticate } from '@gatehouse/client/tanstack';
import { reauthenticateInputSchema } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { PasswordField } from '../../shared/password-field.tsx';
import { useServerForm } from '../../shared/use-server-form.ts';
import classes from './password-dialog.module.css';

export function PasswordDialog({ onDone }: { onDone: (entered: boolean) => void }) {
  const t = useTranslations('reauthentication');
  const { data: me } = useMe();
  const reauthenticate = useReauthenticate();
  const { form, onSubmit, busy, failure } = useServerForm({
    schema: reauthenticateInputSchema,
    initialValues: { password: '' },
    send: reauthenticate.mutateAsync,
    onSuccess: () => onDone(true),
    fieldReasons: { WRONG_PASSWORD: 'password' },
    clearOn: { WRONG_PASSWORD: ['password'] },
  });
  return (
    <Dialog title={t('title')} onCancel={() => onDone(false)}>
      <form method="post" onSubmit={onSubmit} noValidate className={classes.form} aria-label={t('title')}>
        <p className={classes.why}>{t('why')}</p>
        {failure !== null && <FormFailure error={failure} />}
        {/* Tells password managers which account the password belongs to. */}
        <input type="hidden" name="username" autoComplete="username" value={me?.user.username ?? ''} readOnly />
        <PasswordField
          label={t('password')}
          name="password"
          autoComplete="current-password"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the field is the only input of the dialog
          autoFocus
          size="md"
          {...form.getInputProps('password')}
        />
        <DialogActions onCancel={() => onDone(false)}>
          <ActionButton type="submit" busy={busy}>
            {t('submit')}
          </ActionButton>
        </DialogActions>
      </form>
    </Dialog>
  );
}
