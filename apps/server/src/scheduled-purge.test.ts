import { openDatabase } from '@gatehouse/prisma';
import { expect, test } from 'vitest';
import { startServer, temporaryFolder } from '../test-support/server-process.ts';
import { visitor } from '../test-support/visitor.ts';

const dead = (name: string) => ({
  handle: `ses_${name}`,
  secretHash: 'dead',
  rotatedAt: new Date(0),
  data: '{}',
  createdAt: new Date(0),
  renewedAt: new Date(0),
  lastActivityAt: new Date(0),
  expiresAt: new Date(1),
});

test('semantics 37: two servers on one storage take turns to purge, and keep live sessions', { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder();
  const env = { SESSION_PURGE_INTERVAL: '1', LOG_LEVEL: 'info' };
  const first = startServer(folder.path, env);
  const browser = visitor(await first.ready);
  const second = startServer(folder.path, env);
  await second.ready;
  const password = / admin +(\S+)/.exec(first.output())?.[1];
  expect((await browser.signIn('admin', password)).status).toBe(200);

  const database = await openDatabase(`file:${folder.path}/gatehouse.db`);
  await database.prisma.session.createMany({ data: Array.from({ length: 30 }, (_, index) => dead(`dead-${index}`)) });
  await expect.poll(() => database.prisma.session.count(), { timeout: 20_000 }).toBe(1);
  expect((await browser.query('auth.me')).status).toBe(200);
  for (const { child } of [first, second]) child.kill('SIGTERM');
  expect([await first.exited, await second.exited]).toEqual([0, 0]);
  const removed = [first, second].flatMap(({ output }) =>
    [...output().matchAll(/"?removed"?:\s*(\d+)/g)].map(([, count]) => Number(count)),
  );
  expect(removed.reduce((sum, count) => sum + count, 0)).toBe(30);
  await database.close();
});
