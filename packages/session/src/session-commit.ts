import { setTimeout as pause } from 'node:timers/promises';
import { SessionEndedError, StorageUnavailableError } from './errors.ts';
import type { Clocks, Engine, SessionRecord, StoredData } from './engine-port.ts';

/** Each lost race of a version costs one round; fifty lost in a row is a storage in trouble, not contention. */
const MAX_ROUNDS = 50;

/**
 * Writes a change to a stored session: over what we last saw if that is still what is stored, else over what is.
 * `change` is called again with fresh data after every lost race, so it must be a function of what it is given;
 * undefined: there is nothing to write.
 *
 * @returns the record as stored.
 * @throws SessionEndedError if the session is no longer live; nothing is written.
 * @throws StorageUnavailableError if the storage cannot answer, or the race cannot be won.
 */
export async function commitChange(
  engine: Engine,
  seen: SessionRecord,
  change: (record: SessionRecord) => { data: StoredData; clocks: Clocks } | undefined,
): Promise<SessionRecord> {
  let record = seen;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const wanted = change(record);
    if (!wanted) return record;
    const outcome = await engine.update(record.key, { expectedVersion: record.version, ...wanted });
    if (outcome.status === 'updated') return { ...record, ...wanted.clocks, data: wanted.data, version: record.version + 1 };
    if (outcome.status === 'gone') throw new SessionEndedError();
    // The first loss is most often one other request: look again at once. After that, full jitter keeps two
    // processes from meeting again and again.
    // https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    if (round > 0) await pause(Math.random() * Math.min(2 ** round, 64));
    record = await reload(engine, record.key);
  }
  throw new StorageUnavailableError('The session was changed by others in every try to change it.');
}

async function reload(engine: Engine, key: string): Promise<SessionRecord> {
  const outcome = await engine.load(key);
  if (outcome.status !== 'live') throw new SessionEndedError();
  return outcome.record;
}
