import { useMe, useTRPC } from '@gatehouse/client/tanstack';
import { emailChangeInputSchema } from '@gatehouse/contract';
import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { useFormDraft } from '../../shared/form-draft/use-form-draft.tsx';
import { notifyDone } from '../../shared/notify.ts';
import { PasswordField } from '../../shared/password-field.tsx';
import { useServerForm } from '../../shared/use-server-form.ts';
import { useRefreshAccount } from './use-refresh-account.ts';
import classes from './profile-form.module.css';

const address = (chunks: ReactNode) => (
  <strong>
    <bdi>{chunks}</bdi>
  </strong>
);

/** Changes the e-mail address, which can also be used to sign in. Always asks for the password. */
export function EmailForm() {
  const t = useTranslations('account.email');
  const { data: me } = useMe();
  const trpc = useTRPC();
  const refresh = useRefreshAccount();
  const change = useMutation(trpc.account.changeEmail.mutationOptions());
  const draft = useFormDraft('email');
  const { form, onSubmit, busy, failure } = useServerForm({
    draft: draft.connection,
    schema: emailChangeInputSchema,
    initialValues: { email: '', currentPassword: '' },
    send: change.mutateAsync,
    failureTitle: t('failed'),
    fieldReasons: { WRONG_PASSWORD: 'currentPassword' },
    clearOn: { WRONG_PASSWORD: ['currentPassword'] },
    onSuccess(_user, { email }) {
      form.reset();
      notifyDone(t('done', { email: email.trim() }));
      return refresh();
    },
  });
  return (
    <form method="post" onSubmit={onSubmit} noValidate className={classes.form} aria-label={t('title')}>
      {draft.notice}
      {failure !== null && <FormFailure error={failure} />}
      {me && <p className={classes.lead}>{t.rich('current', { b: address, email: me.user.email })}</p>}
      <TextInput type="email" label={t('label')} name="email" autoComplete="email" size="md" {...form.getInputProps('email')} />
      <PasswordField
        label={t('password')}
        description={t('passwordWhy')}
        name="currentPassword"
        autoComplete="current-password"
        size="md"
        {...form.getInputProps('currentPassword')}
      />
      <ActionButton type="submit" busy={busy}>
        {t('submit')}
      </ActionButton>
    </form>
  );
}
