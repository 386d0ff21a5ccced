import { createHmac } from 'node:crypto';
import { createAccounts } from '@gatehouse/accounts';
import type { Database } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import { expiryMs, formatToken, hashSecret, newSecret, type SessionRecord } from '@gatehouse/session/engine';
import { LIFETIMES } from '../scale/open-store.ts';

export interface BenchSession {
  readonly handle: string;
  /** Value of the `Cookie` header. */
  readonly cookie: string;
}

/** Accounts without a usable password: these sessions are stored, not signed in to. */
const HASHING = { memoryKib: 1024, passes: 1 };

/** Stores this many sessions, each of a user of its own. */
export async function storeSessions(count: number, { database, engine, secret }: { database: Database; engine: Engine; secret: string }) {
  const accounts = createAccounts({ database, hashing: HASHING });
  const sessions: BenchSession[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `stream${index}`;
    // oxlint-disable-next-line no-await-in-loop -- more at once would only wait for connections
    const created = await accounts.createUser({
      username: name,
      email: `${name}@example.org`,
      name,
      role: 'user',
      password: 'correct horse battery',
    });
    if (!created.ok) throw new Error(JSON.stringify(created.problems));
    const token = { handle: await engine.newHandle(created.user.id), secret: newSecret() };
    const nowMs = Date.now();
    const times = { createdAtMs: nowMs, renewedAtMs: nowMs, lastActivityAtMs: nowMs, customAgeSeconds: null, fixedExpiryMs: null };
    const record: SessionRecord = {
      ...times,
      handle: token.handle,
      secretHash: hashSecret(token.secret),
      previousSecretHash: null,
      rotatedAtMs: nowMs,
      presentedAtMs: nowMs,
      userId: created.user.id,
      credentialEpoch: 0,
      data: { authenticatedAt: new Date(nowMs).toISOString() },
      version: 1,
      expiresAtMs: expiryMs(times, LIFETIMES),
      ip: null,
      userAgent: null,
    };
    // oxlint-disable-next-line no-await-in-loop
    if (!(await engine.create(record))) throw new Error('A session was refused.');
    sessions.push({ handle: token.handle, cookie: `gatehouse.sid=${encodeURIComponent(signed(formatToken(token), secret))}` });
  }
  return sessions;
}

/** As express-session signs its cookie. */
const signed = (id: string, secret: string): string =>
  `s:${id}.${createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')}`;
