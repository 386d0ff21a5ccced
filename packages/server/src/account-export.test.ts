import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createTestUsers } from '@gatehouse/session/testing';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { createGatehouse, type GatehouseWithUsers } from './index.ts';
import { createTestGatehouse, signInAs } from './testing/index.ts';

/** More than two pages of the audit trail. */
const EVENTS = 1100;

async function serve(gatehouse: GatehouseWithUsers): Promise<string> {
  onTestFinished(() => gatehouse.close());
  const app = express();
  app.use(gatehouse.sessions);
  app.get('/my-data', gatehouse.accountExport);
  app.use(gatehouse.errors);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('any app can offer the download: account, every session, every event as its owner sees it', async () => {
  const gatehouse = await createTestGatehouse({ accounts: [{ username: 'ada' }, { username: 'root', role: 'admin' }] });
  const url = await serve(gatehouse);
  const ada = await gatehouse.user('ada');
  const { cookie } = await gatehouse.signInAs('ada');
  await gatehouse.signInAs('ada');
  const by = { kind: 'admin', id: (await gatehouse.user('root')).id, ip: '192.0.2.7', userAgent: 'Admin browser' } as const;
  await gatehouse.accounts.recordActivity({ kind: 'unlocked', userId: ada.id, at: new Date(), by });
  const { id: _id, ...row } = await gatehouse.database.prisma.activity.findFirstOrThrow({ where: { kind: 'unlocked' } });
  await gatehouse.database.prisma.activity.createMany({
    data: Array.from({ length: EVENTS }, (_, count) => ({ ...row, id: `event-${count}`, at: new Date(count) })),
  });

  const response = await fetch(`${url}/my-data`, { headers: { cookie } });
  expect(response.headers.get('content-disposition')).toContain('gatehouse-account.json');
  const data = (await response.json()) as { account: object; sessions: { current: boolean }[]; activity: { id: string }[] };
  expect(data.account).toMatchObject({ id: ada.id, username: 'ada' });
  expect(data.sessions).toHaveLength(2);
  expect(data.sessions.filter(({ current }) => current)).toHaveLength(1);
  expect(new Set(data.activity.map(({ id }) => id)).size).toBe(data.activity.length);
  expect(data.activity.length).toBeGreaterThanOrEqual(EVENTS);
  for (const text of [by.id, by.ip, by.userAgent]) expect(JSON.stringify(data.activity)).not.toContain(text);
});

test('the download is refused to other sites, and a visitor is sent to the sign-in page', async () => {
  const gatehouse = await createTestGatehouse({ accounts: [{ username: 'ada' }] });
  const url = await serve(gatehouse);
  const { cookie } = await gatehouse.signInAs('ada');
  const elsewhere = await fetch(`${url}/my-data`, { headers: { cookie, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } });
  expect([elsewhere.status, await elsewhere.json()]).toMatchObject([403, { error: { reason: 'CROSS_SITE' } }]);
  const visitor = await fetch(`${url}/my-data`, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' }, redirect: 'manual' });
  expect([visitor.status, visitor.headers.get('location')]).toEqual([302, '/login?next=%2Fmy-data']);
});

test('in an app with users of its own, the download has the account and the sessions', async () => {
  const users = createTestUsers();
  const ada = users.add({ username: 'ada' });
  const env = { NODE_ENV: 'test', SESSION_ENGINE: 'memory', LOG_LEVEL: 'silent', SESSION_SECRET: randomBytes(32).toString('hex') };
  const gatehouse = await createGatehouse({ users, env });
  const url = await serve(gatehouse);
  const { cookie } = await signInAs(gatehouse, ada);
  const data = await (await fetch(`${url}/my-data`, { headers: { cookie } })).json();
  expect(data).toMatchObject({ account: { username: 'ada' }, sessions: [{ current: true }], activity: [] });
});
