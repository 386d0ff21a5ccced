import { SessionConflictError, SessionEndedError } from './errors.ts';
import type { ClaimRequest, Engine, LoadOutcome, SessionRecord, StoredData } from './engine-port.ts';
import { timestampsOf } from './policy.ts';
import type { NewSession, Repository } from './repository.ts';
import { LOST_ROTATION_MS, PREVIOUS_SECRET_GRACE_MS } from './secrets.ts';
import type { SessionToken } from './session-id.ts';
import type { Snapshot } from './session-snapshot.ts';

/** The session that a browser had before it signed in, whose place the new one takes. */
export type Predecessor =
  | { readonly status: 'live'; readonly record: SessionRecord }
  /** Another has its place already. */
  | { readonly status: 'claimed'; readonly handle: string; readonly successor: string }
  /** Its cookie was issued by us, and its secret is not valid any more. If the session lives, it ends, and none of its data is kept. */
  | { readonly status: 'refused'; readonly handle: string };

export interface Succession extends Omit<NewSession, 'data'> {
  readonly predecessor: Predecessor | undefined;
  /** The new session's data, made of what the predecessor has stored. */
  readonly dataFrom: (stored: StoredData) => StoredData;
}

/** Another change of the predecessor costs one round. */
const MAX_ROUNDS = 20;

/**
 * Stores a new session and claims the one that the browser had before. The new one is stored first, while nobody has its secret, so
 * that nothing is lost if this process dies in between. The first claim wins: of two sign-ins at once the other ends its own session.
 *
 * undefined: the user may not have a session any more; nothing has changed.
 * @throws SessionConflictError if another sign-in of this browser was faster.
 */
export async function createSuccessor(
  repository: Repository,
  { predecessor: before, dataFrom, ...created }: Succession,
  now: () => number,
): Promise<Snapshot | undefined> {
  const { engine } = repository;
  const refused = before?.status === 'refused' ? await findSettled(engine, before.handle, now) : undefined;
  const predecessor = before?.status === 'refused' ? refused && ({ status: 'live', record: refused } as const) : before;
  const carried = before?.status === 'live' ? dataFrom : () => dataFrom({});
  const successor = await repository.create({ ...created, data: carried(before?.status === 'live' ? before.record.data : {}) });
  if (!successor || !predecessor) return successor;
  try {
    return await claim(engine, { predecessor, successor, dataFrom: carried, now });
  } catch (error) {
    // Nobody has its secret.
    await engine.destroy(successor.record.handle).catch(() => undefined);
    throw error;
  }
}

/**
 * The live session with this handle, unless its cookie is the newest: the browser was given it a moment ago, or is about to get it, and
 * requests that were sent before still come with the cookie before. A session that one of them made would take its place.
 * @throws SessionConflictError
 */
async function findSettled(engine: Engine, handle: string, now: () => number): Promise<SessionRecord | undefined> {
  const record = (await engine.find(handle))?.record;
  if (!record) return undefined;
  const { presentedAtMs, rotatedAtMs } = record;
  const settledAtMs = presentedAtMs === null ? rotatedAtMs + LOST_ROTATION_MS : presentedAtMs + PREVIOUS_SECRET_GRACE_MS;
  if (now() < settledAtMs) throw new SessionConflictError();
  return record;
}

/** @throws SessionConflictError while the browser is about to have another session, or another secret, than this request came with. */
export async function assertNotReplaced(
  engine: Engine,
  { outcome, token, now }: { outcome: LoadOutcome | undefined; token: SessionToken | undefined; now: () => number },
): Promise<void> {
  const handle = outcome?.status === 'claimed' ? outcome.successor : outcome?.status === 'absent' ? token?.handle : undefined;
  if (handle !== undefined) await findSettled(engine, handle, now);
}

interface Claiming {
  readonly predecessor: Exclude<Predecessor, { readonly status: 'refused' }>;
  readonly successor: Snapshot;
  readonly dataFrom: Succession['dataFrom'];
  readonly now: () => number;
}

/** The successor as it is stored in the end: what was put into the predecessor meanwhile is carried over as well. */
async function claim(engine: Engine, { predecessor, successor, dataFrom, now }: Claiming): Promise<Snapshot> {
  const own = successor.record.handle;
  const handle = predecessor.status === 'live' ? predecessor.record.handle : predecessor.handle;
  const takeOver = async (other: string): Promise<ClaimRequest> => {
    await findSettled(engine, other, now);
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
      // Gone: it was ended meanwhile, and there is nothing to take the place of.
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
