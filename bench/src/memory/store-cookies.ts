import { createHmac, randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { SessionUser } from '@gatehouse/contract';
import { openDatabase } from '@gatehouse/prisma';
import { openEngine } from '@gatehouse/session';
import { RedisStore } from 'connect-redis';
import { Cookie } from 'express-session';
import { createClient } from 'redis';
import type { Contender } from '../contender.ts';
import { signedCookieValue, storeSession } from '../measuring/stored-session.ts';
import { LIFETIMES } from '../scale/open-store.ts';
import { seedAccounts } from '../scale/seed-rows.ts';
import { userName } from '../scale/store.ts';

/** Written at the same time. More would only wait for connections of the pool. */
const AT_ONCE = 5;

type StoreOne = (index: number) => Promise<string>;

/** Contenders with the same text find each other's sessions: `db` and `cached_db` store them in the same table. */
export function sharedStorageOf({ name, env }: Contender): string {
  const { SESSION_ENGINE: engine, DATABASE_URL: databaseUrl = '' } = env(0);
  return engine === 'db' || engine === 'cached_db' ? databaseUrl : name;
}

/** Stores sessions where the contender's server finds them, each of another user if it can. Returns values of the `Cookie` header. */
export async function storeCookies(contender: Contender, count: number): Promise<string[]> {
  const env = contender.env(0);
  if (env['SESSION_ENGINE'] !== undefined) return storeInGatehouse(env, count);
  if (env['BETTER_AUTH_FILE'] !== undefined) return storeInBetterAuth(env, count);
  const client = await openClient(env['REDIS_URL'] ?? '');
  const storeOne = env['SESSION_SECRET'] === undefined ? rawStore(client) : await classicStore(client, env);
  const cookies = await inTurns(count, storeOne);
  await client.close();
  return cookies;
}

async function storeInGatehouse(env: Record<string, string>, count: number): Promise<string[]> {
  const { SESSION_ENGINE: name = '', DATABASE_URL: url = '', REDIS_URL: redisUrl, SESSION_SECRET: secret = '' } = env;
  const database = await openDatabase(url);
  if (!(await database.prisma.user.findUnique({ where: { id: userName(0) } }))) await seedAccounts(database, count);
  const engine = await openEngine(name as 'db', { database, lifetimes: LIFETIMES, redisUrl });
  const cookies = await inTurns(count, async (index) => (await storeSession({ engine, userId: userName(index), secret })).cookie);
  await engine.close();
  await database.close();
  return cookies;
}

const openClient = (url: string) => createClient({ url }).connect();
type Client = Awaited<ReturnType<typeof openClient>>;

/** All of one account, which `classic + user` must find in its database. */
async function classicStore(client: Client, env: Record<string, string>): Promise<StoreOne> {
  const database = await openDatabase(env['DATABASE_URL'] ?? '');
  const { id, username, email, name } = await database.prisma.user.findFirstOrThrow({ where: { usernameKey: 'ada' } });
  await database.close();
  const store = new RedisStore({ client, prefix: 'classic:' });
  const user: SessionUser = { id, username, email, name, role: 'user', status: 'active', attributes: {} };
  return async () => {
    const sessionId = randomBytes(24).toString('base64url');
    const cookie = Object.assign(new Cookie(), {
      originalMaxAge: LIFETIMES.ageMs,
      maxAge: LIFETIMES.ageMs,
      httpOnly: true,
      sameSite: 'lax',
    });
    await store.set(sessionId, { cookie, user, signedInAt: new Date().toISOString() });
    return `connect.sid=${signedCookieValue(sessionId, env['SESSION_SECRET'] ?? '')}`;
  };
}

const rawStore =
  (client: Client): StoreOne =>
  async () => {
    const sessionId = randomBytes(32).toString('base64url');
    await client.set(`raw:${sessionId}`, JSON.stringify({ user: { id: sessionId, name: 'Ada Lovelace', role: 'user' } }));
    return `sid=${sessionId}`;
  };

/** Copies the session that a sign-in has stored. */
async function storeInBetterAuth(env: Record<string, string>, count: number): Promise<string[]> {
  const database = new DatabaseSync(env['BETTER_AUTH_FILE'] ?? '');
  const copy = database.prepare(
    `INSERT INTO session (id, token, expiresAt, createdAt, updatedAt, ipAddress, userAgent, userId)
     SELECT ?, ?, expiresAt, createdAt, updatedAt, ipAddress, userAgent, userId FROM session LIMIT 1`,
  );
  database.exec('BEGIN');
  const cookies = Array.from({ length: count }, () => {
    const token = randomBytes(24).toString('base64url');
    copy.run(token, token);
    const signature = createHmac('sha256', env['SESSION_SECRET'] ?? '')
      .update(token)
      .digest('base64');
    return `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
  });
  database.exec('COMMIT');
  database.close();
  return cookies;
}

async function inTurns(count: number, storeOne: StoreOne): Promise<string[]> {
  const cookies: string[] = [];
  while (cookies.length < count) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - cookies.length) }, (_, offset) => cookies.length + offset);
    cookies.push(...(await Promise.all(indexes.map(storeOne))));
  }
  return cookies;
}
