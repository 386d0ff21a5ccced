import type { AdminStats } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import { Card } from '../../shared/card.tsx';
import classes from './count-table.module.css';
import { PartFailed } from './part-failed.tsx';
import { sharesOf, type Share } from './share-of-sessions.ts';

/** Active sessions by browser and by system: tables with bars, so they need no other form. */
export function BrowsersCard({ browsers }: Pick<AdminStats, 'browsers'>) {
  const t = useTranslations('overview.browsers');
  return (
    <Card title={t('title')}>
      {browsers === null ? (
        <PartFailed />
      ) : browsers.sampled === 0 ? (
        <p>{t('empty')}</p>
      ) : (
        <>
          <ShareTable caption={t('byBrowser')} head={t('browser')} shares={sharesOf(browsers, 'program')} />
          <ShareTable caption={t('bySystem')} head={t('system')} shares={sharesOf(browsers, 'system')} />
          {browsers.sampled >= SAMPLE && <p>{t('sampled', { count: browsers.sampled })}</p>}
        </>
      )}
    </Card>
  );
}

/** The server counts at most so many. */
const SAMPLE = 1000;

function ShareTable({ caption, head, shares }: { caption: string; head: string; shares: readonly Share[] }) {
  const t = useTranslations('overview.browsers');
  const devices = useTranslations('devices');
  const { number } = useFormats();
  const most = Math.max(...shares.map(({ sessions }) => sessions));
  const nameOf = ({ name }: Share) =>
    name === null ? t('unknown') : typeof name === 'object' ? t('other') : name === 'gatehouse' ? devices('commandLine') : name;
  return (
    <table className={`${classes.table} ${classes.shares}`}>
      <caption className={classes.caption}>{caption}</caption>
      <colgroup>
        <col className={classes.nameColumn} />
        <col />
        <col className={classes.countColumn} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col" colSpan={2} className={classes.number}>
            {t('sessions')}
          </th>
        </tr>
      </thead>
      <tbody>
        {shares.map((share) => (
          <tr key={nameOf(share)}>
            <th scope="row">{nameOf(share)}</th>
            <td aria-hidden="true">
              <span className={classes.bar} style={{ width: `${(share.sessions / most) * 100}%` }} />
            </td>
            <td className={classes.number}>{number(share.sessions)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
