import type { ClientInfo, Engine, Lifetimes, LoadOutcome, SessionRecord, StoredData } from '../engine-port.ts';
import { withExpiry } from '../policy.ts';
import { freshSecrets, rotatedSecrets } from '../secrets.ts';
import { hashSecret, newSecret } from '../session-id.ts';
import { LIFETIMES, type EngineFixture, type TestUser } from './engine-fixture.ts';

type WithClock = Pick<EngineFixture, 'clock'>;

export interface NewRecord {
  readonly user?: TestUser | undefined;
  readonly data?: StoredData;
  readonly lifetimes?: Lifetimes;
  readonly createdAtMs?: number;
  readonly customAgeSeconds?: number | null;
  readonly fixedExpiryMs?: number | null;
  /** Default: now, so that a load has nothing to write. */
  readonly presentedAtMs?: number | null;
}

/** A record as a sign-in creates it now. */
export async function newRecord(
  { clock }: WithClock,
  engine: Pick<Engine, 'newHandle'>,
  { user, data = {}, lifetimes = LIFETIMES, presentedAtMs = clock.now(), ...timestamps }: NewRecord = {},
): Promise<SessionRecord> {
  const nowMs = clock.now();
  const userId = user?.user.id ?? null;
  return {
    handle: await engine.newHandle(userId),
    userId,
    credentialEpoch: user?.credentialEpoch ?? 0,
    data,
    version: 1,
    ...freshSecrets({ secretHash: newHash(), nowMs }),
    presentedAtMs,
    ...withExpiry(
      { createdAtMs: nowMs, renewedAtMs: nowMs, lastActivityAtMs: nowMs, customAgeSeconds: null, fixedExpiryMs: null, ...timestamps },
      lifetimes,
    ),
    ip: null,
    userAgent: null,
  };
}

/** Hash of an unknown secret. */
export const newHash = (): string => hashSecret(newSecret());

/** Stores a new session and returns its record. */
export async function store(fixture: WithClock, engine: Engine, options: NewRecord = {}): Promise<SessionRecord> {
  const record = await newRecord(fixture, engine, options);
  if (!(await engine.create(record))) throw new Error('The engine refused a session that it should have created.');
  return record;
}

/** Stores `count` sessions of one user, a few at a time: more would wait too long for a connection on a busy machine. */
export async function storeMany(fixture: WithClock, engine: Engine, count: number, options: NewRecord = {}): Promise<SessionRecord[]> {
  const stored: SessionRecord[] = [];
  while (stored.length < count) {
    const few = Array.from({ length: Math.min(8, count - stored.length) }, () => store(fixture, engine, options));
    stored.push(...(await Promise.all(few)));
  }
  return stored;
}

/** Loads a session with its current secret; with a client, the load is activity. */
export const loadOf = (engine: Engine, { handle, secretHash }: SessionRecord, client?: ClientInfo): Promise<LoadOutcome> =>
  engine.load(handle, { secretHash, client });

/** The record after a rotation by a request that presented the record's current secret. */
export const rotated = (record: SessionRecord, nowMs: number): SessionRecord => ({
  ...record,
  ...rotatedSecrets(record.secretHash, { secretHash: newHash(), nowMs }),
  version: record.version + 1,
});

/** Updates the previous version with the secrets of `after`. */
export const rotateTo = (engine: Engine, after: SessionRecord) =>
  engine.update(after.handle, { expectedVersion: after.version - 1, timestamps: after, secrets: after });

/**
 * Signs in from another session: stores the successor, then claims the previous session. @throws Error if the engine
 * refuses either
 */
export async function signInFrom(
  fixture: WithClock,
  engine: Engine,
  before: SessionRecord,
  options: NewRecord = {},
): Promise<SessionRecord> {
  const after = await store(fixture, engine, options);
  const { status } = await engine.claim(before.handle, { successor: after.handle, expectedVersion: before.version });
  if (status !== 'claimed') throw new Error(`The engine answered "${status}" to a claim that it should have taken.`);
  return after;
}
