import type { Engine, Lifetimes, SessionRecord, StoredData } from '../engine-port.ts';
import { settled } from '../policy.ts';
import { newHandle, newSessionId, sessionKey } from '../session-id.ts';
import { LIFETIMES, type EngineFixture, type TestUser } from './engine-fixture.ts';

/** A record as sign-in makes it at this moment. */
export function newRecord(
  { clock }: Pick<EngineFixture, 'clock'>,
  { user, data = {}, lifetimes = LIFETIMES, ...clocks }: NewRecord = {},
): SessionRecord {
  const nowMs = clock.now();
  return {
    key: sessionKey(newSessionId()),
    handle: newHandle(),
    userId: user?.user.id ?? null,
    credentialEpoch: user?.credentialEpoch ?? 0,
    data,
    version: 1,
    ...settled(
      { createdAtMs: nowMs, renewedAtMs: nowMs, lastActivityAtMs: nowMs, customAgeSeconds: null, fixedExpiryMs: null, ...clocks },
      lifetimes,
    ),
    ip: null,
    userAgent: null,
  };
}

export interface NewRecord {
  readonly user?: TestUser;
  readonly data?: StoredData;
  readonly lifetimes?: Lifetimes;
  readonly createdAtMs?: number;
  readonly customAgeSeconds?: number;
  readonly fixedExpiryMs?: number;
}

/** Stores a new session and gives its record. */
export async function store(fixture: Pick<EngineFixture, 'clock'>, engine: Engine, options: NewRecord = {}): Promise<SessionRecord> {
  const record = newRecord(fixture, options);
  if (!(await engine.create(record))) throw new Error('The engine refused a session that it should have taken.');
  return record;
}

/** As many sessions of one user. A few at a time: all at once would wait for a connection longer than a busy machine has for it. */
export async function storeMany(
  fixture: Pick<EngineFixture, 'clock'>,
  engine: Engine,
  count: number,
  options: NewRecord = {},
): Promise<SessionRecord[]> {
  const stored: SessionRecord[] = [];
  while (stored.length < count) {
    const few = Array.from({ length: Math.min(8, count - stored.length) }, () => store(fixture, engine, options));
    stored.push(...(await Promise.all(few)));
  }
  return stored;
}
