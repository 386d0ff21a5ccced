import { useTRPC } from '@gatehouse/client/tanstack';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { notifyFailure } from '../../shared/notify.ts';
import { useConfirm } from '../../shared/use-confirm.tsx';
import classes from './report-card.module.css';

interface SignEveryoneOutCardProps {
  /** Active sessions; undefined if the number is not known. */
  readonly sessions: number | undefined;
}

/** For emergencies, such as a leak. Asks for confirmation, because it cannot be undone. */
export function SignEveryoneOutCard({ sessions }: SignEveryoneOutCardProps) {
  const t = useTranslations('overview.emergency');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { ask, dialog } = useConfirm();
  const revokeAll = useMutation(
    trpc.admin.sessions.revokeAll.mutationOptions({
      // This session has ended as well: the refetch is refused, which redirects to the login page.
      onSuccess: () => queryClient.invalidateQueries(trpc.auth.me.queryFilter()),
      onError: (error) => notifyFailure(t('failed'), error),
    }),
  );
  const confirm = () =>
    ask({
      title: t('question'),
      consequences: [t('all', { count: sessions ?? 0 }), t('unsaved'), t('again')],
      confirmLabel: t('action'),
      isDestructive: true,
      onConfirm: () => revokeAll.mutate(),
    });
  return (
    <Card title={t('title')}>
      <div className={classes.report}>
        <p>{t('text')}</p>
        <ActionButton variant="default" onClick={confirm} busy={revokeAll.isPending}>
          {t('action')}
        </ActionButton>
      </div>
      {dialog}
    </Card>
  );
}
