import type { AddressInfo } from 'node:net';
import { createAccounts } from '@gatehouse/accounts';
import { createLimitsForEngine } from '@gatehouse/limits';
import { migrate, openDatabase } from '@gatehouse/prisma';
import { openEngine, withDeadline } from '@gatehouse/session';
import { lifetimesOf, loadSettings, sessionSecrets } from '@gatehouse/settings';
import { createApp } from './app.ts';
import { userAttributes } from './user-attributes.ts';

// The environment and `.env` at the top of the workspace: the settings of the README.
const settings = loadSettings();
const { engine: engineName, storageTimeoutMs: timeoutMs } = settings.session;

const database = await openDatabase(settings.database.url);
await migrate(database);
const storage = await openEngine(engineName, {
  lifetimes: lifetimesOf(settings.session),
  database,
  redisUrl: settings.redis.url,
  storageTimeoutMs: timeoutMs,
  limitPerUser: settings.session.limitPerUser,
  attributes: userAttributes,
});
const engine = withDeadline(storage, timeoutMs);
const accounts = createAccounts({
  database,
  hashing: { peppers: settings.passwordPeppers },
  // Where sessions are in Redis, what changes an account has to end them there.
  sessions: engine.inDatabase ? undefined : engine,
  attributes: userAttributes,
});
const limits = createLimitsForEngine({
  engine: storage,
  database,
  settings: settings.signIn.limits,
  secrets: sessionSecrets(settings),
  timeoutMs,
});

const { port, host } = settings.server;
const server = createApp({ settings, engine, accounts, limits }).listen(port, host, (error) => {
  if (error) throw error;
  console.log(`Listening on port ${(server.address() as AddressInfo).port}.`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // Requests that run are finished, and what they change is stored.
    server.close(() => void storage.close().then(() => database.close()));
  });
}
