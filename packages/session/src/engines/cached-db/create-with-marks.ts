import type { Engine, SessionRecord } from '../../engine-port.ts';
import type { DbEngine } from '../db/db-engine.ts';
import type { Cache } from './cache.ts';
import type { CopyMarks } from './copy-marks.ts';

export interface CreateParts {
  readonly db: DbEngine;
  readonly cache: Cache;
  readonly marks: CopyMarks;
}

/**
 * A new session may end others of its user. The sessions that will probably end are marked first, so that a sign-in
 * that fails because of Redis has ended nothing.
 */
export function createWithMarks({ db, cache, marks }: CreateParts): Engine['create'] {
  return async (record, options = {}) => {
    const begun = new Map<string, Awaited<ReturnType<CopyMarks['begin']>>>();
    const begin = async (handle: string): Promise<void> =>
      void begun.set(handle, await marks.begin(handle, { kind: 'ending', userId: record.userId }));
    const expected = options.successor === undefined ? await db.surplusHandles(record) : [];
    await Promise.all(expected.map(begin));
    const ended = new Set<string>();
    const created = await db.create(record, { ...options, onEnded: (handle) => ended.add(handle) });
    try {
      await Promise.all([...ended].filter((handle) => !begun.has(handle)).map(begin));
      await Promise.all(
        [...begun].map(([handle, mark]) => (ended.has(handle) ? marks.confirmEnd(handle, mark) : cache.release(handle, mark.token))),
      );
    } catch (error) {
      await withdraw(db, record);
      throw error;
    }
    await Promise.all([...begun].filter(([handle]) => ended.has(handle)).map(([handle, mark]) => marks.acknowledge(handle, mark)));
    return created;
  };
}

/** Removes a session whose cookie no browser gets. */
const withdraw = (db: DbEngine, { handle }: SessionRecord): Promise<unknown> => db.destroyOne(handle, null).catch(() => undefined);
