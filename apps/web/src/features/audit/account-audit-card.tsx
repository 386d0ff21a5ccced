import { useServerNow, useTRPC } from '@gatehouse/client/tanstack';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { AuditList } from './audit-list.tsx';
import { decodeAuditPage } from './audit-page.ts';

const TICK_MS = 10_000;
const MAX_ENTRIES = 6;

/** The latest entries of an account, for administrators. */
export function AccountAuditCard({ userId }: { userId: string }) {
  const t = useTranslations('audit');
  const trail = useQuery(useTRPC().admin.audit.queryOptions({ userId }, { select: decodeAuditPage }));
  const now = useServerNow({ everyMs: TICK_MS });
  const aside = (
    <Link to="/audit" search={{ user: userId }}>
      {t('showAll')}
    </Link>
  );
  return (
    <Card title={t('card')} aside={aside}>
      <Loaded query={trail} failed={t('failed')} lines={6} label={t('loading')}>
        {({ rows, accounts }) =>
          rows.length === 0 ? (
            <p>{t('none')}</p>
          ) : (
            now && <AuditList events={rows.slice(0, MAX_ENTRIES).map(({ event }) => event)} accounts={accounts} now={now} />
          )
        }
      </Loaded>
    </Card>
  );
}
