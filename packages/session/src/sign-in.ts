import { SessionConflictError, SessionEndedError } from './errors.ts';
import type { ClaimRequest, Engine, LoadOutcome, SessionRecord, StoredData } from './engine-port.ts';
import { timestampsOf } from './policy.ts';
import type { NewSession, Repository } from './repository.ts';
import { LOST_ROTATION_MS, PREVIOUS_SECRET_GRACE_MS } from './secrets.ts';
import type { SessionToken } from './session-id.ts';
import type { Snapshot } from './session-snapshot.ts';

/** The session that the browser had before it signed in, which the new one replaces. */
export type Predecessor =
  | { readonly status: 'live'; readonly record: SessionRecord }
  /** Another session has replaced it already. */
  | { readonly status: 'claimed'; readonly handle: string; readonly successor: string }
  /** We issued its cookie, but its secret is no longer valid. If the session is live it ends, and its data is not copied. */
  | { readonly status: 'refused'; readonly handle: string };

export interface Succession extends Omit<NewSession, 'data'> {
  readonly predecessor: Predecessor | undefined;
  /** Makes the new session's data from the predecessor's stored data. */
  readonly dataFrom: (stored: StoredData) => StoredData;
}

/** Each concurrent change of the predecessor costs a round. */
const MAX_ROUNDS = 20;

/**
 * Stores a new session and claims the browser's previous one. The new session is stored first, while nobody has its
 * secret, so that nothing is lost if the process dies in between. The first claim wins: of two concurrent sign-ins the
 * other one ends its own session.
 *
 * @returns undefined if the user may no longer have a session. Nothing has changed then.
 * @throws SessionConflictError if another sign-in of this browser was first.
 */
export async function createSuccessor(
  repository: Repository,
  { predecessor: before, dataFrom, ...created }: Succession,
  now: () => number,
): Promise<Snapshot | undefined> {
  const { engine } = repository;
  const refused = before?.status === 'refused' ? await findReplaceable(engine, before.handle, now) : undefined;
  const predecessor = before?.status === 'refused' ? refused && ({ status: 'live', record: refused } as const) : before;
  const carried = before?.status === 'live' ? dataFrom : () => dataFrom({});
  const successor = await repository.create({ ...created, data: carried(before?.status === 'live' ? before.record.data : {}) });
  if (!successor || !predecessor) return successor;
  try {
    return await claim(engine, { predecessor, successor, dataFrom: carried, now });
  } catch (error) {
    // No browser has its secret.
    await engine.destroy(successor.record.handle).catch(() => undefined);
    throw error;
  }
}

/**
 * Returns the live session with this handle, unless its cookie is still new: the browser received it a moment ago or is
 * about to, and requests that were sent earlier still have the previous cookie. A session created by one of them would
 * replace it.
 * @throws SessionConflictError
 */
async function findReplaceable(engine: Engine, handle: string, now: () => number): Promise<SessionRecord | undefined> {
  const record = (await engine.find(handle))?.record;
  if (!record) return undefined;
  const { presentedAtMs, rotatedAtMs } = record;
  const settledAtMs = presentedAtMs === null ? rotatedAtMs + LOST_ROTATION_MS : presentedAtMs + PREVIOUS_SECRET_GRACE_MS;
  if (now() < settledAtMs) throw new SessionConflictError();
  return record;
}

/** @throws SessionConflictError while the browser is about to receive another session, or another secret, than this request has. */
export async function assertNotReplaced(
  engine: Engine,
  { outcome, token, now }: { outcome: LoadOutcome | undefined; token: SessionToken | undefined; now: () => number },
): Promise<void> {
  const handle = outcome?.status === 'claimed' ? outcome.successor : outcome?.status === 'absent' ? token?.handle : undefined;
  if (handle !== undefined) await findReplaceable(engine, handle, now);
}

interface Claiming {
  readonly predecessor: Exclude<Predecessor, { readonly status: 'refused' }>;
  readonly successor: Snapshot;
  readonly dataFrom: Succession['dataFrom'];
  readonly now: () => number;
}

/**
 * Claims the predecessor and returns the successor as finally stored. Data that was written to the predecessor in the
 * meantime is copied as well.
 */
async function claim(engine: Engine, { predecessor, successor, dataFrom, now }: Claiming): Promise<Snapshot> {
  const own = successor.record.handle;
  const handle = predecessor.status === 'live' ? predecessor.record.handle : predecessor.handle;
  const takeOver = async (other: string): Promise<ClaimRequest> => {
    await findReplaceable(engine, other, now);
    return { successor: own, expectedSuccessor: other };
  };
  let current = successor;
  let request: ClaimRequest =
    predecessor.status === 'live' ? { successor: own, expectedVersion: predecessor.record.version } : await takeOver(predecessor.successor);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const outcome = await engine.claim(handle, request);
    if (outcome.status === 'taken') request = await takeOver(outcome.successor);
    else if (outcome.status === 'conflict') {
      const found = await engine.find(handle);
      if (!found) continue;
      current = await carryAgain(engine, current, dataFrom(found.record.data));
      request = { successor: own, expectedVersion: found.record.version };
    } else {
      // Gone: it has ended in the meantime, so there is nothing to replace.
      if (outcome.status === 'claimed' && request.expectedSuccessor !== undefined) await engine.destroy(request.expectedSuccessor);
      return current;
    }
  }
  throw new SessionConflictError();
}

async function carryAgain(engine: Engine, successor: Snapshot, data: StoredData): Promise<Snapshot> {
  const { record } = successor;
  const outcome = await engine.update(record.handle, { expectedVersion: record.version, timestamps: timestampsOf(record), data });
  if (outcome.status !== 'updated') throw new SessionEndedError();
  return { ...successor, record: { ...record, data, version: record.version + 1 }, base: data };
}
