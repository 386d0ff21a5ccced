import type { SessionRecord } from '@gatehouse/session';
import { createClient } from 'redis';
import { LIFETIMES } from './open-store.ts';
import type { Filling } from './store.ts';

const STEP = 2000;
const HOUR_MS = 3_600_000;

/** Copies of one record with their index entries; what is over has lost its record to Redis' own expiry and only its entries are left. */
const COPY = `
local prefix, template, from, to, users, expires, live = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], ARGV[7]
local index = '{' .. prefix .. 'index}'
local fields = redis.call('HGETALL', prefix .. template)
for n = from, to - 1 do
  local key = redis.sha1hex(live .. 'key' .. n)
  local handle = 'ses_' .. string.sub(redis.sha1hex(live .. 'handle' .. n), 1, 16)
  local user = 'bench-' .. string.format('%.0f', n % users)
  if live == '1' then
    redis.call('HSET', prefix .. key, unpack(fields))
    redis.call('HSET', prefix .. key, 'h', handle, 'u', user, 'n', cjson.encode({ id = user, username = user, email = user .. '@example.org', name = 'Ada Lovelace', role = 'user', status = 'active' }))
    redis.call('PEXPIRE', prefix .. key, ARGV[8])
  end
  redis.call('ZADD', index .. ':expiry', expires, key .. ' ' .. handle .. ' ' .. user)
  redis.call('ZADD', index .. ':handle', 0, handle .. ' ' .. key)
  redis.call('ZADD', index .. ':user:' .. user, expires, key)
  redis.call('ZADD', index .. ':users', 'GT', expires, user)
end
return 1`;

/** A session as express-session and connect-redis store it. */
const COPY_CLASSIC = `
for n = tonumber(ARGV[1]), tonumber(ARGV[2]) - 1 do
  local user = 'bench-' .. string.format('%.0f', n % tonumber(ARGV[3]))
  redis.call('SET', 'classic:' .. redis.sha1hex('key' .. n), string.gsub(ARGV[4], 'bench%-user', user), 'PX', ARGV[5])
end
return 1`;

export async function seedRedis(url: string, { key, expiresAtMs }: SessionRecord, { live, expired, users }: Filling): Promise<void> {
  const over = Date.now() - HOUR_MS;
  const copies = (count: number, expiresMs: number, isLive: '0' | '1') =>
    inSteps(url, COPY, count, (from, to) => ['gatehouse:', key, from, to, users, expiresMs, isLive, LIFETIMES.ageMs]);
  await copies(live, expiresAtMs, '1');
  await copies(expired, over, '0');
}

export async function seedClassic(url: string, { live, users }: Filling): Promise<void> {
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

/** In steps, so that Redis answers others in between. */
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
