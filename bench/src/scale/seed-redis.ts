import type { Engine } from '@gatehouse/session';
import type { SessionRecord } from '@gatehouse/session/engine';
import { createClient } from 'redis';
import { LIFETIMES } from './open-store.ts';
import { userName, type SeedCounts } from './store.ts';

const STEP = 2000;
const HOUR_MS = 3_600_000;

/**
 * Copies one record, with its entries in the slots of its users and in the indexes over all users. An expired session has only the entries,
 * because Redis has expired its record. The arguments after the fixed ones are the shard tags of the copies' users.
 */
const COPY = `
local prefix, template, from, users, expires, live, now = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7]
local index = '{' .. prefix .. 'index}'
local fields = redis.call('HGETALL', template)
for i = 9, #ARGV do
  local n, slot = from + i - 9, prefix .. '{' .. ARGV[i] .. '}:'
  local handle = 'ses_' .. ARGV[i] .. string.sub(redis.sha1hex(live .. 'handle' .. n), 1, 16)
  local user = 'bench-' .. string.format('%.0f', n % users)
  if live == '1' then
    redis.call('HSET', slot .. 's:' .. handle, unpack(fields))
    redis.call('HSET', slot .. 's:' .. handle, 'u', user)
    redis.call('PEXPIRE', slot .. 's:' .. handle, ARGV[8])
    redis.call('HSET', slot .. 'user', 'id', user, 'e', '0', 'at', now, 'n', cjson.encode({ id = user, username = user, email = user .. '@example.org', name = 'Ada Lovelace', role = 'user', status = 'active', attributes = {} }))
  end
  redis.call('ZADD', slot .. 'expiry', expires, handle)
  redis.call('ZADD', slot .. 'activity', now, handle)
  redis.call('ZADD', index .. ':expiry', expires, handle .. ' ' .. user)
  redis.call('ZADD', index .. ':handle', 0, handle .. ' ' .. user)
  redis.call('ZADD', index .. ':users', 'GT', expires, user)
end
return 1`;

/** Copies a session in the format of express-session and connect-redis. */
const COPY_CLASSIC = `
for n = tonumber(ARGV[1]), tonumber(ARGV[2]) - 1 do
  local user = 'bench-' .. string.format('%.0f', n % tonumber(ARGV[3]))
  redis.call('SET', 'classic:' .. redis.sha1hex('key' .. n), string.gsub(ARGV[4], 'bench%-user', user), 'PX', ARGV[5])
end
return 1`;

export async function seedRedis(
  url: string,
  engine: Pick<Engine, 'newHandle'>,
  { handle, expiresAtMs }: SessionRecord,
  counts: SeedCounts,
): Promise<void> {
  const { live, expired, users } = counts;
  const now = Date.now();
  const tags: string[] = [];
  while (tags.length < users) {
    const names = Array.from({ length: Math.min(STEP, users - tags.length) }, (_, n) => userName(tags.length + n));
    tags.push(...(await Promise.all(names.map(async (name) => shardTagOf(await engine.newHandle(name))))));
  }
  const template = `gatehouse:{${shardTagOf(handle)}}:s:${handle}`;
  const copies = (count: number, expiresMs: number, isLive: '0' | '1') =>
    inSteps(url, COPY, count, (from, to) => [
      'gatehouse:',
      template,
      from,
      users,
      expiresMs,
      isLive,
      now,
      LIFETIMES.ageMs,
      ...Array.from({ length: to - from }, (_, n) => tags[(from + n) % users] ?? ''),
    ]);
  await copies(live, expiresAtMs, '1');
  await copies(expired, now - HOUR_MS, '0');
}

/** A handle is `ses_`, the tag of the session's slot, and 16 random characters. */
const shardTagOf = (handle: string): string => handle.slice(4, -16);

export async function seedClassic(url: string, { live, users }: SeedCounts): Promise<void> {
  const id = 'bench-user';
  const user = { id, username: id, email: `${id}@example.org`, name: 'Ada Lovelace', role: 'user', status: 'active', attributes: {} };
  const expires = new Date(Date.now() + LIFETIMES.ageMs).toISOString();
  const text = JSON.stringify({
    cookie: { originalMaxAge: LIFETIMES.ageMs, expires, httpOnly: true, path: '/', sameSite: 'lax' },
    user,
    signedInAt: expires,
  });
  await inSteps(url, COPY_CLASSIC, live, (from, to) => [from, to, users, text, LIFETIMES.ageMs]);
}

/** In steps, so that Redis can serve other clients in between. */
async function inSteps(
  url: string,
  script: string,
  count: number,
  args: (from: number, to: number) => readonly (string | number)[],
): Promise<void> {
  const client = await createClient({ url })
    .on('error', () => undefined)
    .connect();
  const sha = await client.scriptLoad(script);
  for (let from = 0; from < count; from += STEP)
    await client.evalSha(sha, { arguments: args(from, Math.min(count, from + STEP)).map(String) });
  await client.close();
}
