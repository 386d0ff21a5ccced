const assert = require('node:assert/strict');
const { existsSync } = require('node:fs');

const url = process.env['APP_URL'] ?? '';

async function main() {
  const first = await fetch(url);
  const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  assert.equal(await first.text(), '1');
  assert.equal(await (await fetch(url, { headers: { cookie } })).text(), '2');
}

// Sessions alone need no Prisma, not even installed.
for (const absent of ['@gatehouse/prisma', '@prisma/client', 'mariadb', 'better-sqlite3'])
  assert.ok(!existsSync(`node_modules/${absent}`), `${absent} was installed`);

void main();
