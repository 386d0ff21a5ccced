import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';

const url = process.env['APP_URL'] ?? '';
assert.equal((await fetch(`${url}/hello`)).status, 401);
const headers = { 'content-type': 'application/json', 'x-requested-with': 'XMLHttpRequest' };
const body = JSON.stringify({ identifier: 'robot', password: process.env['ROBOT_PASSWORD'] });
const login = await fetch(`${url}/trpc/auth.login`, { method: 'POST', headers, body });
assert.equal(login.status, 200, await login.clone().text());
const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
assert.equal(await (await fetch(`${url}/hello`, { headers: { cookie } })).text(), 'Hello robot');

// Overrides do not travel: what npm has installed must be right without them.
const versionsOf = (name: string): string[] =>
  globSync(`node_modules/**/${name}/package.json`)
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string })
    .filter((installed) => installed.name === name)
    .map(({ version = '' }) => version);
assert.equal(versionsOf('better-sqlite3').length, 1);
assert.deepEqual(versionsOf('@prisma/adapter-mariadb'), []);
// Up to 3.4.5 it sends the password before it has checked the certificate.
const [mariadb = '', ...others] = versionsOf('mariadb');
assert.deepEqual(others, []);
assert.match(mariadb, /^3\.(?:[5-9]|\d\d)\./);
