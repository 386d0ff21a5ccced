import { openDatabase } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import { expect, test, vi } from 'vitest';
import { runApp } from '../test-support/running-app.ts';
import { startServer, temporaryFolder } from '../test-support/server-process.ts';
import { visitor } from '../test-support/visitor.ts';
import { scheduledPurge } from './scheduled-purge.ts';

const QUIET = { info: () => undefined, warn: () => undefined };

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

test('semantics 37: two servers on one storage purge it by turns, and leave who is signed in', { timeout: 60_000 }, async () => {
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

test('SESSION_PURGE_INTERVAL=0: a server never looks', async () => {
  const wait = vi.fn(() => Promise.resolve());
  const engine = { lease: vi.fn<Engine['lease']>(), purgeExpired: vi.fn<Engine['purgeExpired']>() };
  await scheduledPurge({ engine, intervalMs: 0, logger: QUIET, wait }).stop();
  expect(wait).not.toHaveBeenCalled();
  expect(engine.lease).not.toHaveBeenCalled();
});

test('a server looks at moments of its own, goes on after a storage that failed, and touches nothing once it is stopped', async () => {
  const { engine, database, close } = await runApp();
  const waits: number[] = [];
  const [told, warned] = [vi.fn(), vi.fn()];
  const looked = Promise.withResolvers<void>();
  let looks = 0;
  const turns = [0, 1, 0.5];
  await database.prisma.session.createMany({ data: [dead('one'), dead('two')] });
  const purge = scheduledPurge({
    engine: {
      purgeExpired: engine.purgeExpired,
      lease: (request) => ((looks += 1) === 1 ? Promise.reject(new Error('away')) : engine.lease(request)),
    },
    intervalMs: 1000,
    logger: { info: told, warn: warned },
    random: () => turns[waits.length] ?? 0,
    wait(ms, signal) {
      waits.push(ms);
      if (waits.length < 3) return Promise.resolve();
      looked.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    },
  });
  await looked.promise;
  await purge.stop();
  expect(warned).toHaveBeenCalledTimes(1);
  expect(told.mock.calls).toEqual([[{ removed: 2 }, expect.any(String)]]);
  expect(waits).toEqual([50, 150, 100]);
  // Refused, taken, and kept for what is left of the interval.
  expect(looks).toBe(3);
  await close();
});
