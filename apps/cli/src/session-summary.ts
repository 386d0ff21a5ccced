import type { SessionUser } from '@gatehouse/contract';
import type { Lifetimes } from '@gatehouse/session';
import type { StoredSession } from '@gatehouse/session/engine';
import { shortened } from './terminal/printable.ts';
import { table } from './terminal/table.ts';
import { fromNow } from './terminal/time.ts';

/** A session as commands show it, without its secret and the secret's hash. */
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

/** Computes expiry times with the current settings. */
export async function createSummarize(lifetimes: Lifetimes): Promise<(session: StoredSession) => SessionSummary> {
  const { expiryMs } = await import('@gatehouse/session/engine');
  return ({ record, user }) => ({
    handle: record.handle,
    user,
    created: new Date(record.createdAtMs),
    lastActivity: new Date(record.lastActivityAtMs),
    expires: new Date(expiryMs(record, lifetimes)),
    absoluteExpires: new Date(record.createdAtMs + lifetimes.absoluteAgeMs),
    ip: record.ip,
    userAgent: record.userAgent,
  });
}

/** What the table shows of a session. */
type SessionRow = Pick<SessionSummary, 'handle' | 'lastActivity' | 'expires' | 'ip' | 'userAgent'> & {
  readonly user: Pick<SessionUser, 'username'> | null;
};

export function sessionTable(sessions: readonly SessionRow[], now: Date): string[] {
  const rows = sessions.map(({ handle, user, lastActivity, expires, ip, userAgent }) => [
    handle,
    user?.username ?? 'anonymous',
    fromNow(lastActivity, now),
    fromNow(expires, now),
    ip ?? '-',
    shortened(userAgent ?? '-', 40),
  ]);
  return table(['Session', 'User', 'Last active', 'Expires', 'Address', 'Browser'], rows);
}
