import type { Engine, LiveSession } from '../../engine-port.ts';
import type { DbEngine } from '../db/db-engine.ts';
import { destroyChain, type SessionLink } from '../db/destroy-chain.ts';
import { isPossibleName } from '../possible-name.ts';
import type { Cache } from './cache.ts';
import type { CopyMarks } from './copy-marks.ts';

export interface DestroyParts {
  readonly db: DbEngine;
  readonly cache: Cache;
  readonly marks: CopyMarks;
  readonly isLive: (session: LiveSession) => boolean;
}

/** What is to be ended: a row, or what an earlier try has left of one. */
type Target = SessionLink & { readonly isRow: boolean };

/** Ends a session and those that have claimed it, each under a mark. */
export function destroyWithMarks({ db, cache, marks, isLive }: DestroyParts): Engine['destroy'] {
  /** A row that is gone, by an end that was not acknowledged: its mark stands, or a copy of it is served. */
  async function findUnacknowledged(handle: string): Promise<Target | undefined> {
    const mark = await cache.inspect(handle);
    if (mark)
      return mark.kind === 'ending' ? { userId: mark.userId === '' ? null : mark.userId, successor: null, isRow: false } : undefined;
    const copy = (await cache.read(handle)).session;
    return copy && isLive(copy) ? { userId: copy.record.userId, successor: null, isRow: false } : undefined;
  }

  return async (handle, { ofUser } = {}) => {
    if (!isPossibleName(handle)) return false;
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
