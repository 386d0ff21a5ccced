import { SettingsError } from '@gatehouse/settings';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createGatehouse, type GatehouseOptions } from './index.ts';

/** As an app in plain JavaScript would pass it. */
const problemsOf = (options: object): Promise<string> =>
  createGatehouse({ env: { NODE_ENV: 'test', LOG_LEVEL: 'silent' }, ...options } as Omit<GatehouseOptions, 'users'>).then(
    () => 'started',
    (error: unknown) => (error instanceof SettingsError ? error.message : `not a SettingsError: ${String(error)}`),
  );

test.each<[string, object, RegExp]>([
  ['an unknown name', { databseUrl: 'file:x.db' }, /databseUrl is not an option of createGatehouse\.\n +Options are databaseUrl,/],
  ['no text', { databaseUrl: 5 }, /databaseUrl must be text\.\n/],
  ['an engine without its storage', { engine: 'redis', env: { REDIS_URL: '' } }, /redisUrl|REDIS_URL is required by SESSION_ENGINE=redis/],
  [
    'attributes without a schema',
    { attributes: { department: 'x' } },
    /attributes must be a zod object schema\.\n +Write attributes: z\.object/,
  ],
  [
    'a required attribute',
    { attributes: z.object({ team: z.string() }) },
    /attributes\.team must be optional or have a default.*\n +Add \.optional/,
  ],
  [
    'an attribute whose default is no JSON',
    { attributes: z.object({ since: z.date().default(new Date(0)) }) },
    /attributes\.since has a default that is no JSON.*\n +Use text for a date/,
  ],
  ['session data without a schema', { sessionData: 5 }, /sessionData must be a zod object schema/],
  ['a path without a slash', { trpcPath: 'trpc' }, /trpcPath must be a path/],
  ['users without a lookup', { users: {} }, /users must have a function `find`/],
  ['a logger without levels', { logger: console.log }, /logger must have the functions/],
])('%s is refused at start, with the fix', async (_what, options, message) => {
  expect(await problemsOf(options)).toMatch(message);
});

test('all problems are reported at once', async () => {
  const message = await problemsOf({ trpcPath: '/trpc/', publicUrl: 'nonsense', attributes: z.object({ a: z.string(), b: z.number() }) });
  for (const name of ['trpcPath', 'publicUrl', 'attributes.a', 'attributes.b']) expect(message).toContain(`\n  ${name} `);
});
