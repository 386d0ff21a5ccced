import { setTimeout as pause } from 'node:timers/promises';
import { SessionEndedError, StorageUnavailableError } from './errors.ts';
import type { Engine, SessionRecord, SessionUpdate } from './engine-port.ts';

/** Each lost compare-and-set costs a round. Fifty losses in a row mean trouble with the storage, not contention. */
const MAX_ROUNDS = 50;

export type Change = Omit<SessionUpdate, 'expectedVersion'>;

/**
 * Writes a change to a stored session by compare-and-set. If the stored session has changed since `seen`, it is read
 * again and `change` is called with the new record; so `change` must depend on its argument only. undefined: nothing to
 * write.
 *
 * @returns the record as stored.
 * @throws SessionEndedError if the session is no longer live; nothing is written.
 * @throws StorageUnavailableError if the storage cannot answer, or if every try meets a conflict.
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
    if (outcome.status === 'updated') return outcome.isLate === true ? latest(engine, changed(record, wanted)) : changed(record, wanted);
    if (outcome.status === 'gone') throw new SessionEndedError();
    // The first conflict is usually a single other request, so retry at once. After that, full jitter keeps two
    // processes from colliding repeatedly. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    if (round > 0) await pause(Math.random() * Math.min(2 ** round, 64));
    record = await reread(engine, record.handle);
  }
  throw new StorageUnavailableError('The session could not be changed: other requests changed it first on every attempt.');
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

/**
 * The session after a write that was acknowledged late: its secret may be another one by now, whose cookie the browser has already. The
 * write itself was successful, so an error of this read changes nothing. A session that has ended or was claimed since has no secret that a
 * response could send.
 */
async function latest(engine: Engine, written: SessionRecord): Promise<SessionRecord> {
  const found = await engine.find(written.handle).catch(() => ({ record: written }));
  return found ? found.record : { ...written, secretHash: '' };
}

async function reread(engine: Engine, handle: string): Promise<SessionRecord> {
  const found = await engine.find(handle);
  if (!found) throw new SessionEndedError();
  return found.record;
}
