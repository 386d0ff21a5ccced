import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';

// At the app as it was.
const url = process.env['APP_URL'] ?? '';
const login = (): Promise<Response> =>
  fetch(`${url}/login`, { method: 'POST', body: new URLSearchParams({ name: 'Ada', password: 'correct horse' }), redirect: 'manual' });

const cookies: string[] = [];
for (const answer of [await login(), await login()]) cookies.push(answer.headers.getSetCookie()[0]?.split(';')[0] ?? '');
for (const cookie of cookies) {
  assert.match(cookie, /^connect\.sid=/);
  assert.equal(await (await fetch(url, { headers: { cookie } })).text(), 'Hello Ada');
}
writeFileSync('old-cookies.json', JSON.stringify(cookies));
