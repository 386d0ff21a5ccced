import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { createGatehouse } from '@gatehouse/server';
import { Provider } from 'oidc-provider';
import * as client from 'openid-client';
import { expect, onTestFinished, test } from 'vitest';
import { appWithUsers } from './app-with-users.ts';
import { endSessionsOf, oidcSessionData, oidcSignIn } from './oidc-sign-in.ts';
import { oidcUsers } from './oidc-users.ts';
import { browser, serve } from './test-server.ts';

const SCRIPT = { headers: { 'x-requested-with': 'XMLHttpRequest' } };
const CLIENT = { id: 'shop', secret: 'a secret of the shop' };

/** A real OpenID provider in this process. Its own sign-in page signs in `ada` without asking. */
async function startProvider(redirectUri: string): Promise<string> {
  let handle: RequestListener | undefined;
  const issuer = await serve((req, res) => handle?.(req, res));
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, email: 'ada@example.com', name: 'Ada Lee' }) }),
    cookies: { keys: ['a key of the tests'] },
  });
  const callback = provider.callback();
  const interact = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { prompt, params } = await provider.interactionDetails(req, res);
    if (prompt.name === 'login') return provider.interactionFinished(req, res, { login: { accountId: 'ada' } });
    const grant = new provider.Grant({ accountId: 'ada', clientId: String(params['client_id']) });
    grant.addOIDCScope('openid email profile');
    return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } });
  };
  handle = (req, res) => void (req.url?.startsWith('/interaction/') ? interact(req, res) : callback(req, res));
  return issuer;
}

async function open() {
  const database = new DatabaseSync(':memory:');
  const people = oidcUsers(database);
  const gatehouse = await createGatehouse({
    users: people.users,
    engine: 'memory',
    sessionData: oidcSessionData,
    secret: 'a-secret-of-these-tests-that-is-long-enough',
  });
  onTestFinished(async () => {
    await gatehouse.close();
    database.close();
  });
  const methods: string[] = [];
  gatehouse.on('signedIn', ({ method }) => void methods.push(method));
  let app: ReturnType<typeof appWithUsers> | undefined;
  const url = await serve((req, res) => void app?.(req, res));
  const redirectUri = `${url}/oidc/callback`;
  const config = await client.discovery(new URL(await startProvider(redirectUri)), CLIENT.id, CLIENT.secret, undefined, {
    // The provider of this test has no TLS.
    execute: [client.allowInsecureRequests],
  });
  const refused: unknown[] = [];
  app = appWithUsers(
    gatehouse,
    async () => undefined,
    oidcSignIn({ config, redirectUri, method: 'oidc:example', people, onRefused: (error) => refused.push(error) }),
  );

  /** Follows the redirects of the provider as far as the app's callback. */
  async function toCallback(visit: ReturnType<typeof browser>): Promise<string> {
    let { location } = await visit(`${url}/oidc/login`);
    while (!location.startsWith(redirectUri)) {
      const next = await visit(location);
      if (next.location === '') throw new Error(`${location} answered ${next.status}: ${next.text}`);
      location = new URL(next.location, location).href;
    }
    return location;
  }
  return { url, people, gatehouse, methods, refused, toCallback };
}

test('a user of the provider signs in with code, PKCE, state and nonce, and again as the same user', async () => {
  const { url, people, gatehouse, methods, toCallback } = await open();
  const visit = browser();
  const start = new URL((await visit(`${url}/oidc/login`)).location).searchParams;
  expect(start.get('code_challenge_method')).toBe('S256');
  for (const name of ['code_challenge', 'state', 'nonce']) expect(start.get(name)).toMatch(/^.{20,}/);

  expect(await visit(await toCallback(visit))).toMatchObject({ status: 303, location: '/' });
  const me = JSON.parse((await visit(`${url}/me`, SCRIPT)).text) as { id: string };
  expect(me).toMatchObject({ name: 'Ada Lee', email: 'ada@example.com' });
  expect(methods).toEqual(['oidc:example']);

  const other = browser();
  await other(await toCallback(other));
  expect(JSON.parse((await other(`${url}/me`, SCRIPT)).text)).toEqual(me);

  await endSessionsOf(gatehouse, me.id);
  for (const one of [visit, other]) expect((await one(`${url}/me`, SCRIPT)).status).toBe(401);
  people.setActive(me.id, false);
  expect((await visit(await toCallback(visit))).status).toBe(401);
});

test('an answer of another browser, with another state, or used twice signs nobody in', async () => {
  const { url, refused, toCallback } = await open();
  const [victim, attacker] = [browser(), browser()];
  const stolen = await toCallback(attacker);
  expect((await victim(stolen)).status).toBe(400);
  await victim(`${url}/oidc/login`);
  expect((await victim(stolen)).status).toBe(401);
  const changed = new URL(await toCallback(victim));
  changed.searchParams.set('state', 'another');
  expect((await victim(changed.href)).status).toBe(401);
  expect(refused).toHaveLength(2);
  expect((await victim(`${url}/me`, SCRIPT)).status).toBe(401);
  expect((await attacker(stolen)).status).toBe(303);
  expect((await attacker(stolen)).status).toBe(400);
});
