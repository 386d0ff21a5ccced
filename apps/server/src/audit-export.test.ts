import { afterAll, beforeAll, expect, test } from 'vitest';
import { runApp, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

let app: RunningApp;
let admin: Visitor;
beforeAll(async () => {
  app = await runApp();
  admin = app.visitor();
  await admin.signIn('root');
});
afterAll(() => app.close());

const SYSTEM = { kind: 'system', id: null, ip: null, userAgent: null } as const;

/** More than a page of entries of one address. */
async function many(ip: string, count: number): Promise<void> {
  const at = new Date('2026-01-01T00:00:00Z').getTime();
  await app.database.prisma.activity.createMany({
    data: Array.from({ length: count }, (_, n) => ({
      id: `${ip}-${n}`,
      kind: 'sign_in_failed',
      at: new Date(at + n),
      ip,
      actorKind: 'visitor',
    })),
  });
}

test('the filtered audit trail is exported completely, newest first, as CSV and as JSON Lines', async () => {
  await many('192.0.2.9', 1203);
  const query = '?ip=192.0.2.9&kinds=sign_in_failed,locked&until=2026-01-01T00:00:01.200Z';
  const csv = await admin.fetch(`/admin/audit.csv${query}`);
  expect(csv.headers.get('content-type')).toContain('text/csv');
  expect(csv.headers.get('content-disposition')).toContain('gatehouse-audit.csv');
  const lines = (await csv.text()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(1 + 1200);
  expect(lines[1]).toMatch(/^"2026-01-01T00:00:01.199Z","sign_in_failed",/);
  const json = (await (await admin.fetch(`/admin/audit.jsonl${query}`)).text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string });
  expect(json.map(({ id }) => id)).toEqual(Array.from({ length: 1200 }, (_, n) => `192.0.2.9-${1199 - n}`));
  const none = await (await admin.fetch('/admin/audit.csv?ip=203.0.113.1')).text();
  expect(none).toMatch(/^"time","event"[^\r]*\r\n$/);
});

test('text that a spreadsheet would run is neutralised, and names are shown', async () => {
  const user = await app.accounts.findUser('ada');
  const userAgent = `=HYPERLINK("http://evil.example"), "x"`;
  await app.accounts.recordActivity({
    kind: 'email_changed',
    userId: user?.id ?? '',
    at: new Date(),
    by: { ...SYSTEM, ip: '192.0.2.10', userAgent },
  });
  const csv = await (await admin.fetch('/admin/audit.csv?ip=192.0.2.10')).text();
  expect(csv).toContain(`"'=HYPERLINK(""http://evil.example""), ""x"""`);
  expect(csv).toContain('"ada"');
  expect(await (await admin.fetch('/admin/audit.jsonl?ip=192.0.2.10')).json()).toMatchObject({ account: 'ada', userAgent });
});

test('only administrators of this site get it, and a wrong filter is explained', async () => {
  const stranger = app.visitor();
  const navigation = { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } };
  const away = await stranger.fetch('/admin/audit.csv?kinds=locked', navigation);
  expect(away.status).toBe(302);
  expect(away.headers.get('location')).toContain(encodeURIComponent('/admin/audit.csv?kinds=locked'));
  const user = app.visitor();
  await user.signIn('ada');
  expect((await user.fetch('/admin/audit.jsonl')).status).toBe(403);
  expect((await admin.fetch('/admin/audit.csv', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  for (const [query, field] of [
    ['kinds=nothing', 'kinds.0'],
    ['since=yesterday', 'since'],
    ['userid=x', ''],
  ]) {
    const refused = await admin.fetch(`/admin/audit.csv?${query}`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { reason: 'INVALID_INPUT', fields: { [field ?? '']: [expect.any(String)] } } });
  }
});
