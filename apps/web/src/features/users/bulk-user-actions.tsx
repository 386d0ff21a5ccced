import { useTRPC } from '@gatehouse/client/tanstack';
import type { BulkOutcome, UserRow } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import { ActionButton } from '../../shared/action-button.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { useConfirm } from '../../shared/use-confirm.tsx';

/** More names make the question too long to read. */
const MAX_NAMES = 5;

/** Suspends the selected accounts, or ends their sessions. Asks first, and names them. */
export function BulkUserActions({ users, onDone }: { users: readonly UserRow[]; onDone: () => void }) {
  const t = useTranslations('users.bulk');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { list } = useFormats();
  const { ask, dialog } = useConfirm();
  const namesOf = (ids: readonly string[]): string => {
    const names = ids.map((id) => users.find((user) => user.id === id)?.name ?? id);
    const more = names.length - MAX_NAMES;
    return list(more > 1 ? [...names.slice(0, MAX_NAMES), t('more', { count: more })] : names);
  };
  const report = ({ failed }: BulkOutcome, done: string): void => {
    const problem = failed.length > 0 ? ` ${t('someFailed', { names: namesOf(failed.map(({ userId }) => userId)) })}` : '';
    notifyDone(done + problem);
    onDone();
  };
  const onSettled = () => queryClient.invalidateQueries(trpc.admin.pathFilter());
  const suspend = useMutation(
    trpc.admin.users.suspendMany.mutationOptions({
      onSuccess: (outcome) => report(outcome, t('suspended', { count: outcome.done.length, ended: outcome.ended })),
      onError: (error) => notifyFailure(t('suspendFailed'), error),
      onSettled,
    }),
  );
  const end = useMutation(
    trpc.admin.users.endSessionsMany.mutationOptions({
      onSuccess: (outcome) => report(outcome, t('ended', { ended: outcome.ended })),
      onError: (error) => notifyFailure(t('endFailed'), error),
      onSettled,
    }),
  );
  const userIds = users.map(({ id }) => id);
  const concerned = t('concerned', { names: namesOf(userIds) });
  const askToSuspend = () =>
    ask({
      title: t('suspendTitle', { count: users.length }),
      consequences: [concerned, t('suspendSignedOut'), t('suspendNoSignIn')],
      confirmLabel: t('suspendConfirm', { count: users.length }),
      isDestructive: true,
      onConfirm: () => suspend.mutate({ userIds }),
    });
  const askToEnd = () =>
    ask({
      title: t('endTitle', { count: users.length }),
      consequences: [concerned, t('endSignedOut', { count: users.reduce((sum, { sessions }) => sum + sessions, 0) }), t('endCanSignIn')],
      confirmLabel: t('endConfirm'),
      isDestructive: true,
      onConfirm: () => end.mutate({ userIds }),
    });
  return (
    <>
      <ActionButton variant="default" size="xs" busy={end.isPending} onClick={askToEnd}>
        {t('end')}
      </ActionButton>
      <ActionButton variant="default" size="xs" busy={suspend.isPending} onClick={askToSuspend}>
        {t('suspend')}
      </ActionButton>
      {dialog}
    </>
  );
}
