import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccounts } from '@gatehouse/accounts';
import { temporaryDatabase } from '@gatehouse/prisma/testing';
import { getSessionUser, openEngine, requireSession, sessionErrorHandler, sessionMiddleware, sessionOf } from '@gatehouse/session';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import express, { type Express } from 'express';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

// docs/express.md, "Other ways to sign in": an app with sign-in links instead of passwords.

const LIFETIMES = {
  ageMs: 3_600_000,
  absoluteAgeMs: 86_400_000,
  sliding: true,
  activityIntervalMs: 60_000,
  expireAtBrowserClose: false,
};

let redis: RedisServer | undefined;
beforeAll(async () => {
  if (REDIS_AVAILABLE) redis = await startRedis();
});
afterAll(() => redis?.stop());

async function runApp(engineName: 'db' | 'redis') {
  const database = await temporaryDatabase();
  const redisPrefix = `${crypto.randomUUID()}:`;
  const engine = await openEngine(engineName, { database, lifetimes: LIFETIMES, redisUrl: redis?.url, redisPrefix });
  onTestFinished(() => engine.close());
  const sessions = engine.inDatabase ? undefined : engine;
  const accounts = createAccounts({ database, hashing: { memoryKib: 8, passes: 1 }, sessions });
  const created = await accounts.createUser({
    username: 'ada',
    email: 'ada@example.org',
    name: 'Ada',
    role: 'user',
    password: 'seven green umbrellas',
  });
  if (!created.ok) throw new Error('no user');
  /** Links that were sent, each with its user and the credential epoch at that time. */
  const links = new Map<string, { userId: string; credentialEpoch: number }>();

  const app = express();
  app.use(
    sessionMiddleware({
      engine,
      lifetimes: LIFETIMES,
      cookie: { name: 'sid', secure: 'auto', sameSite: 'lax', domain: undefined, path: '/' },
      secrets: ['a secret of the tests, long enough'],
      onSignIn: ({ user, handle, method, client }) =>
        accounts.recordActivity({
          kind: 'signed_in',
          detail: { method },
          userId: user.id,
          handle,
          at: new Date(),
          by: { kind: 'self', id: user.id, ...client },
        }),
    }),
  );
  app.get('/magic/:token', async (req, res) => {
    const link = links.get(req.params.token);
    links.delete(req.params.token);
    const grant = link && (await accounts.forSignIn(link.userId));
    if (!grant) return void res.sendStatus(401);
    const signedIn = await sessionOf(req).signIn(grant.user, { credentialEpoch: link.credentialEpoch, method: 'magic-link' });
    res.sendStatus(signedIn ? 204 : 401);
  });
  app.post('/again', requireSession, async (req, res) => {
    const grant = await accounts.forSignIn(getSessionUser(req)!.id);
    res.sendStatus(grant && (await sessionOf(req).reauthenticate(grant)) ? 204 : 401);
  });
  app.get('/account', requireSession, (req, res) => void res.json(getSessionUser(req)));
  app.use(sessionErrorHandler);

  return {
    accounts,
    user: created.user,
    browser: await serve(app),
    /** Creates a sign-in link; undefined if the account may not sign in. */
    async send(): Promise<string | undefined> {
      const grant = await accounts.forSignIn(created.user.id);
      if (!grant) return undefined;
      const token = crypto.randomUUID();
      links.set(token, { userId: grant.user.id, credentialEpoch: grant.credentialEpoch });
      return `/magic/${token}`;
    },
  };
}

async function serve(app: Express) {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => {
    let cookie = '';
    return async (path = '', method = 'GET'): Promise<number> => {
      const answer = await fetch(url + path, { method, headers: { cookie } });
      cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie;
      return answer.status;
    };
  };
}

describe.each(['db', ...(REDIS_AVAILABLE ? (['redis'] as const) : [])] as const)('%s', (engineName) => {
  test('a user signs in without a password, before and after a suspension', async () => {
    const { accounts, user, browser, send } = await runApp(engineName);
    const [before, after] = [browser(), browser()];
    expect(await before(await send())).toBe(204);
    expect(await before('/account')).toBe(200);

    await accounts.setStatus(user.id, 'suspended');
    expect(await before('/account')).toBe(401);
    expect(await send()).toBeUndefined();

    await accounts.setStatus(user.id, 'active');
    expect(await before('/account')).toBe(401);
    expect(await after(await send())).toBe(204);
    expect(await after('/account')).toBe(200);
    expect(await before(await send())).toBe(204);
    expect(await before('/account')).toBe(200);
  });

  test('the audit trail names the method', async () => {
    const { accounts, user, browser, send } = await runApp(engineName);
    await browser()(await send());
    const { events } = await accounts.listAudit({ userId: user.id, kind: 'signed_in', limit: 10 });
    expect(events).toMatchObject([{ detail: { method: 'magic-link' }, actorKind: 'self', actorId: user.id, ip: '127.0.0.1' }]);
    expect(events[0]?.handle).toMatch(/^ses_/);
  });

  test.each<[string, (accounts: Awaited<ReturnType<typeof runApp>>['accounts'], userId: string) => Promise<unknown>]>([
    ['the password was changed', (accounts, id) => accounts.changePassword(id, 'nine yellow umbrellas')],
    ['the account was suspended', (accounts, id) => accounts.setStatus(id, 'suspended')],
    [
      'the account was suspended and reactivated',
      async (accounts, id) => {
        await accounts.setStatus(id, 'suspended');
        await accounts.setStatus(id, 'active');
      },
    ],
    ['the account was deleted', (accounts, id) => accounts.deleteUser(id)],
  ])('a link that was sent before %s is refused', async (_, change) => {
    const { accounts, user, browser, send } = await runApp(engineName);
    const [link, visit] = [await send(), browser()];
    await change(accounts, user.id);
    expect(await visit(link)).toBe(401);
    expect(await visit('/account')).toBe(401);
    expect((await accounts.listAudit({ userId: user.id, kind: 'signed_in', limit: 10 })).events).toEqual([]);
  });

  test('re-authentication accepts it too', async () => {
    const { browser, send } = await runApp(engineName);
    const visit = browser();
    await visit(await send());
    expect(await visit('/again', 'POST')).toBe(204);
    expect(await visit('/account')).toBe(200);
  });
});
