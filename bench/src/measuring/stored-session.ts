import { createHmac } from 'node:crypto';
import type { Engine } from '@gatehouse/session';
import { expiryMs, formatToken, hashSecret, newSecret, type SessionRecord } from '@gatehouse/session/engine';
import { LIFETIMES } from '../scale/open-store.ts';

export interface BenchSession {
  readonly handle: string;
  /** Value of the `Cookie` header. */
  readonly cookie: string;
}

export interface StoreSessionOptions {
  readonly engine: Engine;
  readonly userId: string;
  /** The server's SESSION_SECRET. */
  readonly secret: string;
}

/** Stores a session of the user as a sign-in does, without a password check. */
export async function storeSession({ engine, userId, secret }: StoreSessionOptions): Promise<BenchSession> {
  const token = { handle: await engine.newHandle(userId), secret: newSecret() };
  const nowMs = Date.now();
  const times = { createdAtMs: nowMs, renewedAtMs: nowMs, lastActivityAtMs: nowMs, customAgeSeconds: null, fixedExpiryMs: null };
  const record: SessionRecord = {
    ...times,
    handle: token.handle,
    secretHash: hashSecret(token.secret),
    previousSecretHash: null,
    rotatedAtMs: nowMs,
    presentedAtMs: nowMs,
    userId,
    credentialEpoch: 0,
    data: { authenticatedAt: new Date(nowMs).toISOString() },
    version: 1,
    expiresAtMs: expiryMs(times, LIFETIMES),
    ip: null,
    userAgent: null,
  };
  if (!(await engine.create(record))) throw new Error('A session was refused.');
  return { handle: token.handle, cookie: `gatehouse.sid=${signedCookieValue(formatToken(token), secret)}` };
}

/** As express-session signs its cookie. */
export const signedCookieValue = (id: string, secret: string): string =>
  encodeURIComponent(`s:${id}.${createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')}`);
