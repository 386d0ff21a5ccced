import { useMe, useTRPC } from '@gatehouse/client/tanstack';
import { passwordChangeInputSchema } from '@gatehouse/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ComponentType } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { notifyDone } from '../../shared/notify.ts';
import { PasswordField } from '../../shared/password-field.tsx';
import { useServerForm } from '../../shared/use-server-form.ts';
import type { PasswordStrengthProps } from './password-strength.tsx';
import classes from './profile-form.module.css';

/** 800 kB of words, for a form that is rarely used. */
const PasswordStrength = lazy<ComponentType<PasswordStrengthProps>>(() =>
  import('./password-strength.tsx').then(
    (module) => ({ default: module.PasswordStrength }),
    // Offline. The meter only advises; the server decides.
    () => ({ default: () => null }),
  ),
);

const countOthers = ({ all }: { all: number }): number => Math.max(0, all - 1);

export function PasswordForm() {
  const t = useTranslations('account.password');
  const { data: me } = useMe();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [isUsed, setIsUsed] = useState(false);
  const { data: others } = useQuery(trpc.sessions.search.queryOptions({ pageSize: 1 }, { select: countOthers }));
  const change = useMutation(trpc.account.changePassword.mutationOptions());
  const { form, onSubmit, busy, failure } = useServerForm({
    schema: passwordChangeInputSchema,
    initialValues: { currentPassword: '', newPassword: '' },
    send: change.mutateAsync,
    failureTitle: t('failed'),
    fieldReasons: { WRONG_PASSWORD: 'currentPassword' },
    onSuccess({ ended }) {
      form.reset();
      setIsUsed(false);
      notifyDone(t('done', { ended }));
      return Promise.all([
        queryClient.invalidateQueries(trpc.auth.me.queryFilter()),
        queryClient.invalidateQueries(trpc.sessions.pathFilter()),
        queryClient.invalidateQueries(trpc.account.recentActivity.queryFilter()),
      ]);
    },
  });
  const newPassword = form.getInputProps('newPassword');
  return (
    <form method="post" onSubmit={onSubmit} noValidate className={classes.form} aria-label={t('title')}>
      {failure !== null && <FormFailure error={failure} />}
      {/* Tells password managers which account the password belongs to. */}
      <input type="hidden" name="username" autoComplete="username" value={me?.user.username ?? ''} readOnly />
      <PasswordField
        label={t('current')}
        name="currentPassword"
        autoComplete="current-password"
        size="md"
        {...form.getInputProps('currentPassword')}
      />
      <div>
        <PasswordField
          label={t('new')}
          description={t('hint')}
          name="newPassword"
          autoComplete="new-password"
          size="md"
          {...newPassword}
          onFocus={(event) => {
            setIsUsed(true);
            newPassword.onFocus?.(event);
          }}
        />
        {isUsed && me && (
          <Suspense>
            <PasswordStrength password={form.getValues().newPassword} user={me.user} />
          </Suspense>
        )}
      </div>
      {others !== undefined && <p className={classes.consequence}>{t('ends', { count: others })}</p>}
      <ActionButton type="submit" busy={busy}>
        {t('submit')}
      </ActionButton>
    </form>
  );
}
