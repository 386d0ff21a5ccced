import { createHash } from 'node:crypto';
import { RedisStore } from 'connect-redis';
import type { EngineOptions } from '../engine-options.ts';
import { openRedis } from '../engines/redis/connection.ts';
import { createEndSession } from '../engines/redis/end-session.ts';
import { inChunks } from '../engines/redis/in-chunks.ts';
import { indexName } from '../engines/redis/indexes.ts';
import { slotKeys, slotOf } from '../engines/redis/keys.ts';
import { recordFields, STORED_FIELDS, toRecord, type StoredFields } from '../engines/redis/record.ts';
import { createRedisContext } from '../engines/redis/redis-context.ts';
import { createRedisEngine } from '../engines/redis/redis-engine.ts';
import { assertFormat } from '../engines/record-format.ts';
import { usersOf } from '../engines/users-of.ts';
import { MOVED } from '../moved-session.ts';
import { absoluteExpiryMs } from '../policy.ts';
import { newHandle, shardTagOf } from '../session-id.ts';
import type { CopiedSession, CopyStorage, PlacedSession } from './copy-storage.ts';
import { redisCopyJournal } from './redis-copy-journal.ts';

const PAGE = 1000;

/** How a session is to be stored: as a new record, in place of a claimed or missing one, or in place of this one. */
type Expected = 'new' | 'claimed' | CopiedSession;

/**
 * Copying to and from Redis. There, all sessions of a user are in one slot, which the handle names. So a session that comes from elsewhere
 * gets another handle, which is derived from its own; and under its own, a claimed record leads to it (moved-session.ts).
 */
export async function redisCopyStorage(options: EngineOptions & { readonly redisUrl: string }): Promise<CopyStorage> {
  const { lifetimes, now = Date.now } = options;
  const {
    commands: redis,
    tracked: _,
    ...connection
  } = await openRedis(options.redisUrl, {
    onError: options.onConnectionError,
    timeoutMs: options.storageTimeoutMs,
  });
  const { prefix, serializer } = new RedisStore({ client: redis, prefix: options.redisPrefix ?? 'gatehouse:' });
  const engineOptions = { ...options, ...connection, users: await usersOf(options), redis, prefix, serializer };
  const engine = await createRedisEngine(engineOptions);
  const context = createRedisContext(engineOptions);
  const { about, indexes, reindex, reindexClaimed, tagOf } = context;
  const { endOne } = createEndSession(context);

  async function readOne(handle: string): Promise<CopiedSession | undefined> {
    const reply = await redis.readRecord(slotOf(prefix, handle).record(handle), [...STORED_FIELDS, 'to', 'at']);
    const fields = reply as StoredFields;
    const [successor, claimedAt] = fields.slice(STORED_FIELDS.length);
    try {
      const record = toRecord(handle, fields, serializer);
      return { record, claim: successor ? { successor, claimedAtMs: Number(claimedAt) } : undefined };
    } catch {
      // It does not exist, or this version cannot read it.
      return undefined;
    }
  }

  const assertFormats = (handles: readonly string[]) =>
    inChunks([...handles], async (handle) => {
      const [format] = (await redis.readRecord(slotOf(prefix, handle).record(handle), ['fv'])) as StoredFields;
      assertFormat(handle, format);
    });

  /** Pages of the handles of claimed sessions that have not expired. */
  async function* claimedHandles(): AsyncGenerator<readonly string[]> {
    const [key, nowMs] = [`${indexName(prefix)}:claimed`, now()];
    for (let offset = 0; ; offset += PAGE) {
      const handles = await redis.zRange(key, `(${nowMs}`, '+inf', { BY: 'SCORE', LIMIT: { offset, count: PAGE } });
      yield handles;
      if (handles.length < PAGE) return;
    }
  }

  async function store({ record, claim, target }: PlacedSession, expected: Expected): Promise<boolean> {
    const entry = { handle: target, userId: claim ? '' : (record.userId ?? '') };
    const before = typeof expected === 'string' ? undefined : expected.record;
    // Indexed first, as every new session: a record in no index would never be listed or purged.
    if (!claim) await indexes.add(entry, record.expiresAtMs);
    const reply = await redis.copySession(slotKeys(slotOf(prefix, target), target), [
      ...about(target),
      Math.max(1, record.expiresAtMs - now()),
      entry.userId,
      record.expiresAtMs,
      record.lastActivityAtMs,
      before ? before.version : expected === 'claimed' ? '*' : '',
      before?.lastActivityAtMs ?? '',
      before?.secretHash ?? '',
      claim?.successor ?? '',
      claim?.claimedAtMs ?? '',
      // Without its user, because it is not in the slot of that user.
      ...recordFields(claim ? { ...record, userId: null } : record, serializer),
    ]);
    if (claim) await reindexClaimed(target, record.expiresAtMs);
    else await reindex(entry, record.expiresAtMs);
    return reply === 'stored';
  }

  return {
    engine,
    journal: redisCopyJournal(redis, { prefix, now }),

    async assertReadable(some) {
      if (some) return void (await assertFormats(some));
      for (let after: string | undefined; ;) {
        const page = await indexes.page(after, PAGE);
        await assertFormats(page.map(({ handle }) => handle));
        after = page.at(-1)?.handle;
        if (page.length < PAGE) break;
      }
      for await (const handles of claimedHandles()) await assertFormats(handles);
    },

    async *claimed() {
      for await (const handles of claimedHandles()) {
        const found = await inChunks([...handles], readOne);
        yield found.filter((session) => session?.claim !== undefined) as CopiedSession[];
      }
    },

    async place({ record: { handle, userId }, claim }) {
      if (userId === null || claim) return handle;
      const tag = await tagOf(userId);
      return shardTagOf(handle) === tag ? handle : derivedHandle(handle, tag);
    },

    async read(handles) {
      const found = await inChunks([...handles], readOne);
      return new Map(found.flatMap((session) => (session ? [[session.record.handle, session]] : [])));
    },

    async create(sessions) {
      const refused = await inChunks(sessions, async (session) => ((await store(session, 'new')) ? [] : [session.target]));
      return new Set(refused.flat());
    },

    replace: (session, before) => store(session, before),

    async link(sessions) {
      const moved = sessions.filter(({ record, target }) => record.handle !== target);
      await inChunks(moved, ({ record, target }) => {
        // Valid as long as the session can be, however often that is renewed.
        const expiresAtMs = absoluteExpiryMs(record, lifetimes);
        const pointer = { ...record, data: {}, expiresAtMs, fixedExpiryMs: expiresAtMs };
        return store({ record: pointer, claim: { successor: target, claimedAtMs: MOVED }, target: record.handle }, 'claimed');
      });
    },

    async remove(sessions) {
      await inChunks(sessions, async ({ handle, target, isClaimed }) => {
        // Only the record, because the successor of a claimed session may be live.
        if (isClaimed) return endOne(handle, { mode: 'every' });
        if (handle !== target) await endOne(handle, { mode: 'every' });
        return engine.destroy(target);
      });
    },

    close: connection.close,
  };
}

/** The same for each copy, so that an interrupted one can be repeated. */
const derivedHandle = (handle: string, tag: string): string =>
  newHandle(tag).slice(0, -RANDOM_LENGTH) + createHash('sha256').update(handle).digest('base64url').slice(0, RANDOM_LENGTH);

/** 96 bits in base64url. */
const RANDOM_LENGTH = 16;
