import { useTranslations } from 'use-intl/react';
import { AccountLink } from './account-link.tsx';
import type { AuditRow } from './audit-page.ts';

/** The account that an entry is about. */
export function AffectedAccount({ event: { userId, detail }, accounts }: AuditRow) {
  const t = useTranslations('audit.account');
  if (userId !== null) return <AccountLink id={userId} accounts={accounts} username={detail?.username} />;
  return detail?.everyone ? t('everyone') : t('none');
}

/** Who did it. */
export function Actor({ event: { actorKind, actorId }, accounts }: AuditRow) {
  const t = useTranslations('audit.actors');
  return actorKind === 'admin' && actorId !== null ? <AccountLink id={actorId} accounts={accounts} /> : t(actorKind);
}
