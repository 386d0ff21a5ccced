import { onTestFinished, expect, test, vi } from 'vitest';
import { adminStats } from './admin-stats.ts';
import { createTestGatehouse } from './testing/index.ts';

const LATENCY = { calls: 0, p50Ms: null, p95Ms: null };

async function started() {
  const gatehouse = await createTestGatehouse({ accounts: [{ username: 'ada' }] });
  onTestFinished(() => gatehouse.close());
  await gatehouse.signInAs('ada');
  const { accounts, engine } = gatehouse;
  const logger = { warn: vi.fn() };
  return {
    logger,
    parts: { accounts, engine, logger, latency: () => ({ reads: LATENCY, writes: LATENCY }), flushBlocked: async () => undefined },
  };
}

test('a part of the overview that fails is null and logged, and the others are there', async () => {
  const { parts, logger } = await started();
  const failing = { ...parts.engine, list: async () => Promise.reject(new Error('too slow')) };
  const stats = await adminStats({ ...parts, engine: failing })();
  expect(stats).toMatchObject({ active: { sessions: 1 }, users: 1, browsers: null, expiringSoon: { sessions: 0 } });
  expect(stats.signIns?.days).toHaveLength(30);
  expect(stats.important?.events).toMatchObject([{ kind: 'user_created' }]);
  expect(logger.warn.mock.calls.map(([fields]) => fields.part)).toEqual(['browsers']);
});

test('sessions that cannot be counted in time are a lower bound, and counted afterwards', async () => {
  const { parts, logger } = await started();
  let finish = (_count: { sessions: number; users: number }): void => undefined;
  const slow = { ...parts.engine, count: () => new Promise<{ sessions: number; users: number }>((resolve) => (finish = resolve)) };
  const read = adminStats({ ...parts, engine: slow });
  expect((await read()).active).toEqual({ sessions: 1, users: 1, isAtLeast: false });
  const many = { ...slow, countExpiring: async () => 5000, signedInUsers: async () => ['one', 'other'] };
  const readMany = adminStats({ ...parts, engine: many });
  expect((await readMany()).active).toEqual({ sessions: 5000, users: 2, isAtLeast: true });
  finish({ sessions: 7_000_000, users: 3_000_000 });
  expect((await readMany()).active).toEqual({ sessions: 7_000_000, users: 3_000_000, isAtLeast: false });
  expect(logger.warn).not.toHaveBeenCalled();
  // The engine has a time limit as well.
  const failing = { ...many, count: async () => Promise.reject(new Error('no answer within 20 s')) };
  expect((await adminStats({ ...parts, engine: failing })()).active).toEqual({ sessions: 5000, users: 2, isAtLeast: true });
  expect(logger.warn.mock.calls.map(([fields]) => fields.part)).toEqual(['active']);
});

test('an overview without any part is the failure of its storage', async () => {
  const { parts } = await started();
  const fails = async () => Promise.reject(new Error('no storage'));
  const { engine, accounts } = parts;
  const broken = {
    ...parts,
    engine: { ...engine, count: fails, list: fails, countExpiring: fails },
    accounts: { ...accounts, countUsers: fails, signInCounts: fails, listAudit: fails },
  };
  await expect(adminStats(broken)()).rejects.toThrow('no storage');
});
