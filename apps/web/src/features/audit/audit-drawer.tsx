import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { DeviceName } from '../../shared/device-name.tsx';
import { Drawer } from '../../shared/dialog.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import { ExactTime } from '../../shared/time-display.tsx';
import classes from './audit-card.module.css';
import { useDescribeDetails } from './audit-details.ts';
import type { AuditRow } from './audit-page.ts';
import { ToneBadge } from './event-name.tsx';
import { Actor, AffectedAccount } from './participants.tsx';

/** All of an entry, and where to look next. */
export function AuditDrawer({ row, onClose }: { row: AuditRow; onClose: () => void }) {
  const t = useTranslations('audit.details');
  const kinds = useTranslations('activity.kinds');
  const details = useDescribeDetails()(row.event);
  const { id, kind, at, ip, userAgent, handle, userId } = row.event;
  return (
    <Drawer title={kinds(kind)} onCancel={onClose}>
      <ToneBadge kind={kind} />
      <Facts>
        <Fact name={t('time')}>
          <ExactTime at={at} />
        </Fact>
        <Fact
          name={t('account')}
          note={
            userId !== null && (
              <Link to="/audit" search={{ user: userId }} onClick={onClose}>
                {t('sameUser')}
              </Link>
            )
          }
        >
          <span>
            <AffectedAccount {...row} />
          </span>
        </Fact>
        <Fact name={t('actor')}>
          <span>
            <Actor {...row} />
          </span>
        </Fact>
        {details !== '' && <Fact name={t('details')}>{details}</Fact>}
        {ip !== null && (
          <Fact
            name={t('address')}
            note={
              <Link to="/audit" search={{ address: ip }} onClick={onClose}>
                {t('sameAddress')}
              </Link>
            }
          >
            <bdi>{ip}</bdi>
          </Fact>
        )}
        {userAgent !== null && (
          <Fact name={t('device')} note={<bdi className={classes.agent}>{userAgent}</bdi>}>
            <DeviceName userAgent={userAgent} />
          </Fact>
        )}
        {handle !== null && (
          <Fact
            name={t('session')}
            note={
              <span className={classes.links}>
                <Link to="/audit" search={{ session: handle }} onClick={onClose}>
                  {t('sameSession')}
                </Link>
                {userId !== null && (
                  <Link to="/all-sessions" search={{ user: userId }}>
                    {t('openSession')}
                  </Link>
                )}
              </span>
            }
          >
            <span>
              <code dir="ltr" className={classes.code}>
                {handle}
              </code>
            </span>
          </Fact>
        )}
        <Fact name={t('id')}>
          <span>
            <code dir="ltr" className={classes.code}>
              {id}
            </code>
          </span>
        </Fact>
      </Facts>
    </Drawer>
  );
}
