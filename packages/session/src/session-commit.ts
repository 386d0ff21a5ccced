import { setTimeout as pause } from 'node:timers/promises';
import { SessionEndedError, StorageUnavailableError } from './errors.ts';
import type { Engine, SessionRecord, SessionUpdate } from './engine-port.ts';

/** Each lost race of a version costs one round; fifty lost in a row is a storage in trouble, not contention. */
const MAX_ROUNDS = 50;

export type Change = Omit<SessionUpdate, 'expectedVersion'>;

/**
 * Writes a change to a stored session by compare-and-set: over what we last saw if that is still what is stored, else over what is.
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
  change: (record: SessionRecord) => Change | undefined,
): Promise<SessionRecord> {
  let record = seen;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const wanted = change(record);
    if (!wanted) return record;
    const outcome = await engine.update(record.handle, { expectedVersion: record.version, ...wanted });
    if (outcome.status === 'updated') return changed(record, wanted);
    if (outcome.status === 'gone') throw new SessionEndedError();
    // The first loss is most often one other request: look again at once. After that, full jitter keeps two
    // processes from meeting again and again.
    // https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    if (round > 0) await pause(Math.random() * Math.min(2 ** round, 64));
    record = await reread(engine, record.handle);
  }
  throw new StorageUnavailableError('The session was changed by others in every try to change it.');
}

function changed(record: SessionRecord, { timestamps, data, secrets, credentialEpoch, client }: Change): SessionRecord {
  return {
    ...record,
    ...timestamps,
    ...secrets,
    ...client,
    ...(data && { data }),
    ...(credentialEpoch !== undefined && { credentialEpoch }),
    version: record.version + 1,
  };
}

async function reread(engine: Engine, handle: string): Promise<SessionRecord> {
  const found = await engine.find(handle);
  if (!found) throw new SessionEndedError();
  return found.record;
}
