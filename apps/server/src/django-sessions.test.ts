import { claimDjangoSession, djangoSessionOwners, importDjangoUsers, type UserColumns } from '@gatehouse/accounts';
import { openReadOnly } from '@gatehouse/prisma';
import { DATABASES, DJANGO_MEMBERS, DJANGO_SITE, DJANGO_SITES, djangoSite, makeDjangoSite, SQLITE } from '@gatehouse/prisma/testing';
import { importDjangoSessions } from '@gatehouse/session/adoption';
import { lifetimesOf, readSettings } from '@gatehouse/settings';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { runApp, type RunningApp } from '../test-support/running-app.ts';

const SECRET = 'k3J9vQ2xT7mW5pZ8rB4nH6yL1cF0dSgA';
const { sessions: KEYS, secretKey, oldKey } = DJANGO_SITE;

/** What the different Django versions accept: 3.2 also SHA-1 and older formats, later ones a replaced key. */
const ACCEPTED = new Set(DJANGO_SITES.flatMap(({ seen }) => Object.keys(seen).filter((name) => seen[name] !== null)));

async function running(env: Record<string, string> = {}, engine: (typeof ENGINES)[number] = 'db'): Promise<RunningApp> {
  const ours = { SESSION_SECRET: SECRET, SESSION_ADOPT_DJANGO_COOKIE: 'sessionid', SESSION_COOKIE_NAME: 'gatehouse' };
  const app = await runAppOn(engine, { ...ours, ...env });
  onTestFinished(() => app.close());
  return app;
}

/** Deletes ada and root of the test app, because the Django site has users with these names. */
async function deleteUsers({ accounts }: RunningApp): Promise<void> {
  for (const name of ['ada', 'root']) await accounts.deleteUser((await accounts.findUser(name))?.id ?? '');
}

/** As `gatehouse import django` does. */
async function importSessions(
  { database, engine }: RunningApp,
  url: string,
  {
    keys = [secretKey, oldKey],
    dryRun = false,
    ...users
  }: { keys?: string[]; dryRun?: boolean; table?: string; columns?: UserColumns } = {},
) {
  const source = await openReadOnly(url);
  try {
    const endSessions = (userId: string) => engine.destroyByUser(userId);
    await importDjangoUsers({ database, source, endSessions, onNotice: () => undefined, ...users });
    return await importDjangoSessions({
      source,
      keys,
      engine,
      lifetimes: lifetimesOf(readSettings({ NODE_ENV: 'test' }, { projectRoot: '/' }).session),
      secret: SECRET,
      ownersOf: (djangoIds) => djangoSessionOwners(database, source, { djangoIds, ...users }),
      claim: (session) => claimDjangoSession(database, session),
      dryRun,
      pageSize: 2,
    });
  } finally {
    await source.close();
  }
}

/** One request of a browser with these cookies. */
async function ask(app: RunningApp, cookie: string, procedure = 'auth.me', called: 'username' | 'email' = 'username') {
  const isChange = procedure === 'auth.logout';
  const answer = await fetch(`${app.url}/trpc/${procedure}`, {
    method: isChange ? 'POST' : 'GET',
    headers: { cookie, ...(isChange && { 'x-requested-with': 'XMLHttpRequest', 'content-type': 'application/json' }) },
  });
  const body = (await answer.json()) as { result?: { data?: { user?: { username: string; email: string } } } };
  const set = Object.fromEntries(answer.headers.getSetCookie().map((line) => line.split(';', 1)[0]?.split('=') as [string, string]));
  return { status: answer.status, user: body.result?.data?.user?.[called], set };
}

const django = (name: string): string => `sessionid=${KEYS[name] ?? ''}`;

const bobs = [...ACCEPTED].filter((name) => !name.startsWith('ada')).length;

/** Every database with the data of the latest Django; one of them with the data of all versions. */
const EVERY = DATABASES.flatMap((on) =>
  (on === SQLITE ? DJANGO_SITES : [DJANGO_SITE]).map((site) => ({ name: on.name, django: site.django, on, site })),
);

describe.each(EVERY)('from the sessions of Django $django in $name', ({ on, site }) => {
  test.skipIf(!on.available)('exactly the browsers that Django would accept stay signed in', async () => {
    const app = await running();
    await deleteUsers(app);
    const url = await djangoSite(on, site);
    const names = Object.keys(site.sessions);
    const accepted = names.filter((name) => ACCEPTED.has(name));
    const expected = { imported: accepted.length, expired: 2, unreadable: 3, anonymous: 1, ended: 4, before: 0 };
    expect(await importSessions(app, url, { dryRun: true })).toEqual(expected);
    expect(await app.engine.count()).toMatchObject({ sessions: 0 });
    expect(await importSessions(app, url, { keys: ['another'] })).toMatchObject({ imported: 0, unreadable: names.length - 2 });
    expect(await importSessions(app, url)).toEqual(expected);
    expect(await importSessions(app, url)).toEqual({ ...expected, imported: 0, before: accepted.length });
    for (const name of names) {
      // oxlint-disable-next-line no-await-in-loop -- each is another browser
      const { user } = await ask(app, `sessionid=${site.sessions[name] ?? ''}`);
      expect(`${name}: ${user ?? 'nobody'}`).toBe(`${name}: ${ACCEPTED.has(name) ? (name.startsWith('ada') ? 'ada' : 'bob') : 'nobody'}`);
    }
  });
});

describe.each(DATABASES)('from $name', (on) => {
  test.skipIf(!on.available)('sessions of a custom user model, whose ids are UUIDs', async () => {
    const app = await running();
    const url = await djangoSite(on, DJANGO_MEMBERS);
    const columns = { id: 'member_id', email: 'mail', is_superuser: 'boss' };
    await deleteUsers(app);
    await importSessions(app, url, { table: 'club_members', columns });
    for (const [name, seen] of Object.entries(DJANGO_MEMBERS.seen).filter(([name, user]) => user !== null || !ACCEPTED.has(name))) {
      // oxlint-disable-next-line no-await-in-loop -- each is another browser
      const { user } = await ask(app, `sessionid=${DJANGO_MEMBERS.sessions[name] ?? ''}`, 'auth.me', 'email');
      expect(`${name}: ${user ?? 'nobody'}`).toBe(`${name}: ${seen ?? 'nobody'}`);
    }
  });
});

test('set_expiry has the same effect as in Django', async () => {
  const app = await running();
  await deleteUsers(app);
  await importSessions(app, await djangoSite(SQLITE));
  const { sessions } = await app.engine.list({ limit: 100 });
  const records = sessions.map(({ record }) => record);
  const custom = records.filter(({ customAgeSeconds, fixedExpiryMs }) => customAgeSeconds !== null || fixedExpiryMs !== null);
  const inHours = ({ expiresAtMs }: { expiresAtMs: number }): number => Math.round((expiresAtMs - Date.now()) / 3_600_000);
  expect(
    custom
      .map((one) => [one.customAgeSeconds, one.fixedExpiryMs !== null, inHours(one)])
      .toSorted((one, other) => Number(one[2]) - Number(other[2])),
  ).toEqual([
    [3600, false, 1],
    [null, true, 72],
    [0, false, 336],
  ]);
});

describe.each(ENGINES)('on %s a browser with Django’s cookie', (engine) => {
  test('is signed in once: our cookie replaces Django’s, which cannot be used again', async () => {
    const app = await running({}, engine);
    await deleteUsers(app);
    const url = await djangoSite(SQLITE);
    await importSessions(app, url);
    // An open page sends several requests at once, and gets one session.
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(app, django('ada'))));
    expect(answers.map(({ user }) => user)).toEqual(answers.map(() => 'ada'));
    expect(new Set(answers.map(({ set }) => set['gatehouse']?.split('.')[0])).size).toBe(1);
    expect(answers[0]?.set['sessionid']).toBe('');

    const ours = `gatehouse=${answers[0]?.set['gatehouse'] ?? ''}`;
    expect((await ask(app, ours)).user).toBe('ada');
    expect((await ask(app, ours, 'auth.logout')).status).toBe(200);
    // Sign-out is permanent, also if the import runs again.
    await importSessions(app, url);
    expect(await ask(app, django('ada'))).toMatchObject({ status: 401, user: undefined });
    expect((await ask(app, django('bob'))).user).toBe('bob');
    for (const name of ['suspended', 'expired', 'changedPassword', 'wrongAuthHash', 'forged', 'anonymous'])
      expect(await ask(app, django(name))).toMatchObject({ status: 401, user: undefined });
  });

  test('security 47: the replacement of its cookie is recorded once', async () => {
    const app = await running({}, engine);
    await deleteUsers(app);
    await importSessions(app, await djangoSite(SQLITE));
    await Promise.all(Array.from({ length: 4 }, () => ask(app, django('ada'))));
    const { events } = await app.accounts.listAudit({ userId: 'django-1', kind: 'session_adopted', limit: 5 });
    const session = (await app.engine.listByUser('django-1')).sessions.find(({ record }) => 'djangoCookieReplacedAt' in record.data);
    expect(events).toMatchObject([{ actorKind: 'self', actorId: 'django-1', handle: session?.record.handle, ip: '127.0.0.1' }]);
  });

  test('security 47: the import skips users whose sessions were all ended before it, or are ended while it runs', async () => {
    const app = await running({}, engine);
    await deleteUsers(app);
    const url = await djangoSite(SQLITE);
    await importSessions(app, url, { keys: ['another'] });
    await app.engine.destroyByUser('django-1');
    const { create } = app.engine;
    app.engine.create = async (record, options) => {
      if (record.userId === 'django-2') await app.engine.destroyByUser('django-2');
      return create(record, options);
    };
    expect(await importSessions(app, url, { dryRun: true })).toMatchObject({ imported: bobs });
    expect(await importSessions(app, url)).toMatchObject({ imported: 0 });
    expect(await app.engine.count()).toEqual({ sessions: 0, users: 0 });
    for (const name of ['ada', 'bob']) expect(await ask(app, django(name))).toMatchObject({ status: 401 });
  });

  test('Django’s session key is stored nowhere, and the owner sees the imported session', async () => {
    const app = await running({}, engine);
    await deleteUsers(app);
    await importSessions(app, await djangoSite(SQLITE));
    const stored = JSON.stringify([await app.engine.list({ limit: 100 }), await app.database.prisma.activity.findMany()]);
    for (const key of Object.values(KEYS)) expect(stored).not.toContain(key);
    const [activity] = await app.accounts.recentActivity('django-1', { limit: 1 });
    expect(activity).toMatchObject({ kind: 'session_imported', handle: expect.stringMatching(/^ses_/) as string });
  });
});

test('also works if both cookies have the same name', async () => {
  const app = await running({ SESSION_COOKIE_NAME: 'sessionid' });
  await deleteUsers(app);
  await importSessions(app, await djangoSite(SQLITE));
  const { user, set } = await ask(app, django('ada'));
  expect(user).toBe('ada');
  expect(set['sessionid']).toMatch(/^s%3A/);
  expect((await ask(app, `sessionid=${set['sessionid'] ?? ''}`)).user).toBe('ada');
});

test('without the setting Django’s cookie is ignored', async () => {
  const app = await runApp({ SESSION_SECRET: SECRET });
  onTestFinished(() => app.close());
  await deleteUsers(app);
  await importSessions(app, await djangoSite(SQLITE));
  expect(await ask(app, django('ada'))).toMatchObject({ status: 401 });
});

test('a password change here ends the user’s Django sessions', async () => {
  const app = await running();
  await deleteUsers(app);
  const url = await djangoSite(SQLITE);
  await importSessions(app, url, { keys: ['another'] });
  await app.accounts.changePassword('django-1', 'seven green umbrellas');
  expect(await importSessions(app, url)).toMatchObject({
    imported: [...ACCEPTED].filter((name) => name.startsWith('bob') || name.length === 6).length,
    ended: 7,
  });
  expect(await ask(app, django('ada'))).toMatchObject({ status: 401 });
});

test('sessions that Django on this machine creates now', async ({ skip }) => {
  const made = makeDjangoSite();
  if (!made) return skip();
  const app = await running();
  await deleteUsers(app);
  expect((await importSessions(app, made.url, { keys: [made.secretKey] })).imported).toBeGreaterThanOrEqual(3);
  expect((await ask(app, `sessionid=${made.sessions['adaCompressed'] ?? ''}`)).user).toBe('ada');
});
