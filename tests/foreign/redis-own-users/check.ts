import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';

const url = process.env['APP_URL'] ?? '';
const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
const form = (password: string) =>
  fetch(`${url}/login`, { method: 'POST', body: new URLSearchParams({ name: 'Ada', password }), redirect: 'manual' });

assert.equal((await fetch(url)).status, 401);
assert.equal((await form('wrong')).status, 401);
const cookie = cookieOf(await form('correct horse'));
assert.match(cookie, /^gatehouse\.sid=/);
assert.equal(await (await fetch(url, { headers: { cookie } })).text(), 'Hello Ada');
await fetch(`${url}/logout`, { method: 'POST', headers: { cookie }, redirect: 'manual' });
assert.equal((await fetch(url, { headers: { cookie } })).status, 401);

// No database was opened: report-prisma.ts ends an app that loads Prisma or a driver, and the only database file is the app's own.
assert.deepEqual(
  readdirSync('.').filter((name) => /\.(?:db|sqlite3?)|^data$/.test(name)),
  ['people.db'],
);
