import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { storedAttributes } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { newRecord } from './conformance/records.ts';
import { ENGINE_NAMES, engineEntry, openEngine } from './registry.ts';
import { createTestClock } from './test-support/test-clock.ts';

const docs = readFileSync(join(import.meta.dirname, '../../../docs/engines.md'), 'utf8');

test.each(ENGINE_NAMES)('docs/engines.md lists what %s needs', (name) => {
  const rows = docs.split('\n').filter((line) => line.startsWith(`| \`${name}\``));
  expect(rows).not.toEqual([]);
  expect(rows.some((row) => row.includes('REDIS_URL'))).toBe(engineEntry(name).needs.redis);
});

test.each(ENGINE_NAMES.filter((name) => engineEntry(name).needs.database))('%s is not opened without a database', async (name) => {
  await expect(openEngine(name, { lifetimes: LIFETIMES })).rejects.toThrow(`The engine ${name} needs an open database`);
});

test.each(ENGINE_NAMES.filter((name) => engineEntry(name).needs.redis))('%s is not opened without REDIS_URL', async (name) => {
  // Never called; it only has to be given.
  const database = {} as never;
  await expect(openEngine(name, { lifetimes: LIFETIMES, database, users: { find: async () => undefined } })).rejects.toThrow(
    `SESSION_ENGINE=${name} needs REDIS_URL`,
  );
});

test('memory opens with the app’s own users alone, and not without any', async () => {
  const clock = createTestClock();
  const user = {
    id: 'u1',
    username: 'ann',
    email: '',
    name: 'Ann',
    role: 'user',
    status: 'active',
    attributes: storedAttributes({}),
  } as const;
  const users = { find: async (id: string) => (id === 'u1' ? { user, credentialEpoch: 0 } : undefined) };
  const engine = await openEngine('memory', { lifetimes: LIFETIMES, now: clock.now, users });
  const record = await newRecord({ clock }, engine, { user: { user, credentialEpoch: 0 } });
  expect(await engine.create(record)).toBe(true);
  expect(await engine.find(record.handle)).toMatchObject({ user: { name: 'Ann' } });
  await expect(openEngine('memory', { lifetimes: LIFETIMES })).rejects.toThrow('pass `users`');
});
