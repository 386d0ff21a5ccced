import type { Engine, PeekedSession } from '../../engine-port.ts';
import { expiryMs } from '../../policy.ts';
import { listVersionOf } from '../list-version.ts';
import { inChunks } from './in-chunks.ts';
import { slotOf } from './keys.ts';
import { loadListed, type LoadSession } from './load-session.ts';
import type { RedisContext } from './redis-context.ts';

/** More sessions of one user than anyone looks at. Beyond them, a change of the list may go unnoticed. */
const MAX_LISTED = 1000;

/** One script for each session, and one read for each user. The client sends them together. */
export function createPeek({ redis, prefix, now, lifetimes }: RedisContext, load: LoadSession): Engine['peek'] {
  return async (handles) => {
    const versions = new Map<string, Promise<string>>();
    /** All sessions of a user are in the slot of any of them. */
    const versionOf = (userId: string, handle: string): Promise<string> => {
      const known = versions.get(userId);
      if (known) return known;
      const options = { BY: 'SCORE', LIMIT: { offset: 0, count: MAX_LISTED } } as const;
      const version = redis.zRange(slotOf(prefix, handle).byExpiry, `(${now()}`, '+inf', options).then(listVersionOf);
      versions.set(userId, version);
      return version;
    };

    const found = await inChunks(handles, async (handle): Promise<[string, PeekedSession] | undefined> => {
      const outcome = await loadListed(load, handle);
      if (outcome.status !== 'live') return undefined;
      const { record, user } = outcome;
      const listVersion = record.userId === null ? '' : await versionOf(record.userId, handle);
      const expiresAtMs = Math.min(record.expiresAtMs, expiryMs(record, lifetimes));
      return [handle, { userId: record.userId, expiresAtMs, user, listVersion }];
    });
    return new Map(found.filter((one) => one !== undefined));
  };
}
