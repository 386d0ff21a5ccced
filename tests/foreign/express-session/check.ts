import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createClient } from 'redis';

const url = process.env['APP_URL'] ?? '';
const get = (cookie: string): Promise<Response> => fetch(url, { headers: { cookie } });
const newCookie = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((header) => header.split(';')[0] ?? '')
    .find((pair) => pair.startsWith('gatehouse.sid=')) ?? '';

// Who was signed in at the app as it was, still is; and gets a cookie of Gatehouse.
const [one, other] = JSON.parse(readFileSync('old-cookies.json', 'utf8')) as [string, string];
const cookies: string[] = [];
for (const old of [one, other]) {
  const answer = await get(old);
  assert.equal(await answer.text(), 'Hello Ada');
  cookies.push(newCookie(answer));
}
for (const cookie of cookies) assert.equal(await (await get(cookie)).text(), 'Hello Ada');

// Signing out ends both the old session and the new one. The other browser stays signed in.
const [signedOut, kept] = cookies as [string, string];
await fetch(`${url}/logout`, { method: 'POST', headers: { cookie: signedOut }, redirect: 'manual' });
for (const cookie of [signedOut, one]) assert.equal((await get(cookie)).status, 401);
assert.equal(await (await get(kept)).text(), 'Hello Ada');

const form = (password: string): Promise<Response> =>
  fetch(`${url}/login`, { method: 'POST', body: new URLSearchParams({ name: 'Ada', password }), redirect: 'manual' });
assert.equal((await form('wrong')).status, 401);
assert.equal(await (await get(newCookie(await form('correct horse')))).text(), 'Hello Ada');
assert.equal((await get('')).status, 401);

const redis = await createClient({ url: process.env['REDIS_URL'] ?? '' }).connect();
assert.deepEqual(await redis.keys('sess:*'), []);
redis.destroy();
