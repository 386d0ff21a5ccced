import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createGatehouse, StartError, type Logger } from './index.ts';

async function databaseUrl(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-start-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return `file:${join(folder, 'app.db')}`;
}

const PRODUCTION = { NODE_ENV: 'production', TRUST_PROXY: '1', SESSION_ENGINE: 'db' };
const SECRET = 'kZ8w3vQn5rT1yXc7bM2pL9dF4hJ6sA0g';

/** What a start refuses with. */
const refusal = (start: Promise<unknown>): Promise<unknown> =>
  start.then(
    () => 'started',
    (error: unknown) => error,
  );

test('security 38: in production, an own app reports problems of options, settings and checks at once, by the names it wrote', async () => {
  const error = await refusal(
    createGatehouse({
      databaseUrl: await databaseUrl(),
      secret: 'keyboard cat',
      publicUrl: 'https://app.test',
      env: { ...PRODUCTION, TRUST_PROXY: '', SESSION_COOKIE_PATH: '/app' },
    }),
  );
  expect(error).toBeInstanceOf(StartError);
  const { message } = error as Error;
  expect(message).toContain('3 problems keep the server from starting:');
  expect(message).toMatch(/\n {2}secret has 12 characters.*\n {6}Generate one with/);
  expect(message).toMatch(/\n {2}TRUST_PROXY must be set.*\n {6}Write 1/);
  expect(message).toMatch(/\n {2}SESSION_COOKIE_PATH is \/app.*\n {6}Remove SESSION_COOKIE_PATH/);
});

test('in production, warnings are logged with their fix, and do not prevent the start', async () => {
  const warnings: string[] = [];
  const logger: Logger = {
    info: () => undefined,
    error: () => undefined,
    warn: (fields, message) => void (typeof fields === 'object' && 'fix' in fields && warnings.push(message)),
  };
  const gatehouse = await createGatehouse({
    databaseUrl: await databaseUrl(),
    secret: SECRET,
    publicUrl: 'https://app.test',
    env: { ...PRODUCTION, SESSION_COOKIE_SAMESITE: 'None' },
    logger,
  });
  await gatehouse.close();
  expect(warnings).toContain('SESSION_COOKIE_SAMESITE is None: browsers send the cookie with requests from other sites.');
});

test('an app with users of its own gets the checks of its settings, and none of a database that it does not open', async () => {
  const options = {
    users: { find: () => Promise.resolve(undefined) },
    secret: SECRET,
    publicUrl: 'https://app.test',
    engine: 'memory' as const,
    env: PRODUCTION,
  };
  const { message } = (await refusal(createGatehouse(options))) as Error;
  expect(message).toMatch(/^One problem keeps the server from starting:\n.*a restart signs everyone out/);
  const development = await createGatehouse({ ...options, env: { ...PRODUCTION, NODE_ENV: 'development' } });
  await development.close();
});
