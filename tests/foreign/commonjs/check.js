const assert = require('node:assert/strict');

const url = process.env['APP_URL'] ?? '';

async function main() {
  const first = await fetch(url);
  const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  assert.equal(await first.text(), '1');
  assert.equal(await (await fetch(url, { headers: { cookie } })).text(), '2');
}

void main();
