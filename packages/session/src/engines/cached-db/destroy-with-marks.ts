import type { Engine, StoredSession } from '../../engine-port.ts';
import type { DbEngine } from '../db/db-engine.ts';
import { destroyChain, type SessionLink } from '../db/destroy-chain.ts';
import { isStorableId } from '../storable-id.ts';
import type { Cache } from './cache.ts';
import type { CopyMarks } from './copy-marks.ts';

export interface DestroyParts {
  readonly db: DbEngine;
  readonly cache: Cache;
  readonly marks: CopyMarks;
  readonly isLive: (session: StoredSession) => boolean;
}

/** A session to end: a row, or what an earlier attempt left of it. */
type Target = SessionLink & { readonly isRow: boolean };

/** Ends a session and those that claimed it, each under a mark. */
export function destroyWithMarks({ db, cache, marks, isLive }: DestroyParts): Engine['destroy'] {
  /** Finds a session whose row is gone although its end was not acknowledged: its mark is still there, or a copy of it is served. */
  async function findUnacknowledged(handle: string): Promise<Target | undefined> {
    const mark = await cache.inspect(handle);
    if (mark)
      return mark.kind === 'ending' ? { userId: mark.userId === '' ? null : mark.userId, successor: null, isRow: false } : undefined;
    const copy = (await cache.get(handle)).session;
    return copy && isLive(copy) ? { userId: copy.record.userId, successor: null, isRow: false } : undefined;
  }

  return async (handle, { ofUser } = {}) => {
    if (!isStorableId(handle)) return false;
    const targets = new Map<string, Target | undefined>();
    return destroyChain(handle, {
      ofUser,
      async linkOf(one) {
        const row = await db.linkOf(one);
        const target = row ? { ...row, isRow: true } : await findUnacknowledged(one);
        targets.set(one, target);
        return target;
      },
      async destroyOne(one, successor) {
        const target = targets.get(one);
        if (!target) return 'none';
        return marks.end({ handle: one, userId: target.userId }, async () => (target.isRow ? db.destroyOne(one, successor) : 'ended'));
      },
    });
  };
}
