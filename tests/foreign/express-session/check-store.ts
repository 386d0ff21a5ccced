import assert from 'node:assert/strict';
import { createClient } from 'redis';

const url = process.env['APP_URL'] ?? '';
const first = await fetch(url);
const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
assert.match(cookie, /^connect\.sid=/);
assert.equal(await first.text(), '1');
const get = async (): Promise<string> => (await fetch(url, { headers: { cookie } })).text();
assert.equal(await get(), '2');
assert.equal(await get(), '3');

const redis = await createClient({ url: process.env['REDIS_URL'] ?? '' }).connect();
const keys = await redis.keys('*');
redis.destroy();
assert.ok(keys.some((key) => key.startsWith('gatehouse:')) && !keys.some((key) => key.startsWith('sess:')), keys.join());
// The cookie holds the session's secret, storage a hash of it.
const sid =
  decodeURIComponent(cookie.split('=')[1] ?? '')
    .replace(/^s:/, '')
    .split('.')[0] ?? '';
assert.ok(sid.length > 20 && !keys.some((key) => key.includes(sid)), 'the session id is stored');

await fetch(`${url}/logout`, { method: 'POST', headers: { cookie }, redirect: 'manual' });
assert.equal(await get(), '1');
