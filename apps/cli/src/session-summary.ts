import type { SessionUser } from '@gatehouse/contract';
import { shortened } from './terminal/printable.ts';
import { table } from './terminal/table.ts';
import { fromNow } from './terminal/time.ts';

/** A session as the command line shows it: by its handle; nothing of its secret, not even a hash. */
export interface SessionSummary {
  readonly handle: string;
  readonly user: SessionUser | null;
  readonly created: Date;
  readonly lastActivity: Date;
  readonly expires: Date;
  readonly absoluteExpires: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export function sessionTable(sessions: readonly SessionSummary[], now: Date): string[] {
  const rows = sessions.map(({ handle, user, lastActivity, expires, ip, userAgent }) => [
    handle,
    user?.username ?? 'nobody',
    fromNow(lastActivity, now),
    fromNow(expires, now),
    ip ?? '-',
    shortened(userAgent ?? '-', 40),
  ]);
  return table(['Session', 'User', 'Last active', 'Ends', 'From', 'With'], rows);
}
