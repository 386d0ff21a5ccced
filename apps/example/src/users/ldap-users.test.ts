import { createGatehouse } from '@gatehouse/server';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import ldap from 'ldapjs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { appWithUsers } from './app-with-users.ts';
import { userAttributes } from '../user-attributes.ts';
import { ldapUsers } from './ldap-users.ts';
import { browser, form, serve } from './test-server.ts';

const BASE = 'ou=people,o=example';
const SERVICE = { bindDn: 'cn=service,o=example', bindPassword: 'of the service' };
const SCRIPT = { headers: { 'x-requested-with': 'XMLHttpRequest' } };
const MINUTE = 60_000;

interface LdapPerson {
  password: string;
  attributes: Record<string, string>;
}

/** What this test uses of ldapjs. */
interface SearchRequest {
  readonly attributes: readonly string[];
  readonly filter: { matches(entry: object): boolean };
}

interface SearchResponse {
  createSearchEntry(entry: { dn: string; attributes: readonly { type: string; values: readonly string[] }[] }): object;
  send(entry: object): void;
  end(): void;
}

/** A directory in this process: real LDAP over TCP, and people in memory. */
async function startDirectory(people: Record<string, LdapPerson>, port = 0) {
  const server = ldap.createServer();
  const bound = (dn: string): LdapPerson | undefined => Object.entries(people).find(([uid]) => dn === `uid=${uid},${BASE}`)?.[1];
  server.bind('o=example', (req: { dn: unknown; credentials: string }, res: { end(): void }, next: (error?: unknown) => void) => {
    const dn = String(req.dn).replaceAll(', ', ',');
    // As RFC 4513 has it: no password is an anonymous bind, which succeeds.
    const expected = dn === SERVICE.bindDn ? SERVICE.bindPassword : bound(dn)?.password;
    if (req.credentials !== '' && req.credentials !== expected) return next(new ldap.InvalidCredentialsError());
    res.end();
    return next();
  });
  server.search(BASE, (req: SearchRequest, res: SearchResponse, next: () => void) => {
    const asked = new Set(req.attributes.map((name) => name.toLowerCase()));
    for (const [uid, { attributes }] of Object.entries(people)) {
      const all = { uid, objectClass: 'person', ...attributes };
      if (!req.filter.matches(all)) continue;
      // Made by hand: of a plain object, ldapjs leaves out attributes that were asked for with a capital letter.
      const sent = Object.entries(all).filter(([name]) => asked.has(name.toLowerCase()));
      res.send(res.createSearchEntry({ dn: `uid=${uid},${BASE}`, attributes: sent.map(([type, value]) => ({ type, values: [value] })) }));
    }
    res.end();
    return next();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port: Number(new URL(server.url).port), stop: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

describe.skipIf(!REDIS_AVAILABLE)('users of an LDAP directory', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function open() {
    const people: Record<string, LdapPerson> = {
      ada: { password: 'correct horse', attributes: { cn: 'Ada Lee', mail: 'ada@example.com', departmentNumber: 'Sales' } },
      bob: { password: 'correct horse', attributes: { cn: 'Bob', mail: 'bob@example.com' } },
    };
    const clock = { ms: Date.now() };
    let directory = await startDirectory(people);
    const { port } = directory;
    const { users, verify } = ldapUsers({ url: `ldap://127.0.0.1:${port}`, baseDn: BASE, ...SERVICE, maxAgeMs: MINUTE });
    const gatehouse = await createGatehouse({
      users,
      attributes: userAttributes,
      redisUrl: redis.url,
      secret: 'a-secret-of-these-tests-that-is-long-enough',
      now: () => clock.ms,
      logger: { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined } as never,
    });
    onTestFinished(async () => {
      await gatehouse.close();
      await directory.stop();
    });
    const url = await serve(appWithUsers(gatehouse, verify));
    const visit = browser();
    return {
      people,
      clock,
      signIn: async (name: string, password: string) => (await visit(`${url}/login`, form({ name, password }))).status,
      me: () => visit(`${url}/me`, SCRIPT),
      stop: () => directory.stop(),
      restart: async () => void (directory = await startDirectory(people, port)),
    };
  }

  test('a bind as the user signs in; a wrong or empty password, an unknown name and a filter do not', async () => {
    const { signIn, me } = await open();
    expect(await signIn('ada', 'wrong')).toBe(401);
    expect(await signIn('ada', '')).toBe(401);
    expect(await signIn('nobody', 'correct horse')).toBe(401);
    for (const filter of ['*', 'a*', 'ada)(uid=*', '*)(|(uid=ada', 'ada\\2a', '(uid=ada)'])
      expect([filter, await signIn(filter, 'correct horse')]).toEqual([filter, 401]);
    expect((await me()).status).toBe(401);
    expect(await signIn('ada', 'correct horse')).toBe(204);
    expect(JSON.parse((await me()).text)).toMatchObject({ id: 'ada', name: 'Ada Lee', attributes: { department: 'Sales' } });
  });

  test('a user who is disabled loses the session within the maximum age, and cannot sign in', async () => {
    const { people, clock, signIn, me } = await open();
    expect(await signIn('ada', 'correct horse')).toBe(204);
    expect((await me()).status).toBe(200);
    people['ada']!.attributes['nsAccountLock'] = 'TRUE';
    clock.ms += MINUTE;
    expect((await me()).status).toBe(401);
    expect(await signIn('ada', 'correct horse')).toBe(401);
  });

  test('while LDAP is down the answer is 503, and nobody is signed out', async () => {
    const { clock, signIn, me, stop, restart } = await open();
    expect(await signIn('ada', 'correct horse')).toBe(204);
    expect((await me()).status).toBe(200);
    await stop();
    expect((await me()).status).toBe(200);
    clock.ms += MINUTE;
    expect((await me()).status).toBe(503);
    expect(await signIn('bob', 'correct horse')).toBe(503);
    await restart();
    expect(JSON.parse((await me()).text)).toMatchObject({ id: 'ada' });
  });
});
