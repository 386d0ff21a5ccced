import { useMe, useTRPC } from '@gatehouse/client/tanstack';
import { profileInputSchema } from '@gatehouse/contract';
import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { useFormDraft } from '../../shared/form-draft/use-form-draft.tsx';
import { notifyDone } from '../../shared/notify.ts';
import { useServerForm } from '../../shared/use-server-form.ts';
import { useRefreshAccount } from './use-refresh-account.ts';
import classes from './profile-form.module.css';

export function ProfileForm() {
  const t = useTranslations('account.name');
  const { data: me } = useMe();
  const trpc = useTRPC();
  const refresh = useRefreshAccount();
  const update = useMutation(trpc.account.updateProfile.mutationOptions());
  const draft = useFormDraft('profile');
  const { form, onSubmit, busy, failure } = useServerForm({
    draft: draft.connection,
    schema: profileInputSchema,
    initialValues: { name: me?.user.name ?? '' },
    send: update.mutateAsync,
    failureTitle: t('failed'),
    async onSuccess(user) {
      form.setValues({ name: user.name });
      form.resetDirty({ name: user.name });
      notifyDone(t('done'));
      await refresh();
    },
  });
  return (
    <form method="post" onSubmit={onSubmit} noValidate className={classes.form} aria-label={t('title')}>
      {draft.notice}
      {failure !== null && <FormFailure error={failure} />}
      <TextInput label={t('label')} name="name" autoComplete="name" size="md" {...form.getInputProps('name')} />
      <ActionButton type="submit" busy={busy}>
        {t('submit')}
      </ActionButton>
    </form>
  );
}
