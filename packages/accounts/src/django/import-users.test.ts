import { defaultAttributes } from '@gatehouse/contract';
import { openDatabase, openReadOnly, type Database } from '@gatehouse/prisma';
import { DATABASES, DJANGO_MEMBERS, DJANGO_SITE, DJANGO_SITES, djangoSite, makeDjangoSite, SQLITE } from '@gatehouse/prisma/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryAccounts } from '../../test-support/temporary-accounts.ts';
import { importDjangoUsers, type ImportNotice, type ImportUsersOptions } from './import-users.ts';

/** The notices for the users that a real Django has created. */
const NOTICES = ['no-mail NO_EMAIL', 'same-mail EMAIL_TAKEN', 'eve USERNAME_TAKEN', 'heidi NO_PASSWORD'];
const IMPORTED = ['Eve', 'ada', 'bob', 'carol', 'dave', 'heidi', 'user-9'];

async function opened(url: string) {
  const source = await openReadOnly(url);
  onTestFinished(() => source.close());
  return source;
}

async function importing(database: Database, url: string, options: Partial<ImportUsersOptions> = {}) {
  const notices: ImportNotice[] = [];
  const ended: string[] = [];
  const endSessions = (userId: string) => Promise.resolve(ended.push(userId));
  const source = await opened(url);
  // Pages of two, so that conflicting users are on different pages.
  const counts = await importDjangoUsers({
    database,
    source,
    endSessions,
    onNotice: (notice) => notices.push(notice),
    pageSize: 2,
    ...options,
  });
  return { counts, ended, notices: notices.map(({ username, reason }) => `${username} ${reason}`) };
}

async function change(url: string, sql: string): Promise<void> {
  const database = await openDatabase(url);
  const connection = await database.adapter.connect();
  await connection.executeRaw({ sql, args: [], argTypes: [] });
  await connection.dispose();
  await database.close();
}

/** The latest Django version on every database, and every version on one of them. */
const EVERY = DATABASES.flatMap((on) =>
  (on === SQLITE ? DJANGO_SITES : [DJANGO_SITE]).map((site) => ({ name: on.name, django: site.django, on, site })),
);

describe.each(EVERY)('from $name with Django $django,', ({ on, site }) => {
  test.skipIf(!on.available)('users are imported completely or refused with a reason, and a second import changes nothing', async () => {
    const url = await djangoSite(on, site);
    const { accounts, database } = await temporaryAccounts();
    const first = await importing(database, url);
    expect(first.counts).toEqual({ read: 10, imported: 7, updated: 0, unchanged: 0, refused: 3 });
    expect(first.notices.toSorted()).toEqual(NOTICES.toSorted());
    const users = await accounts.listUsers();
    expect(users.map(({ username }) => username).toSorted()).toEqual(IMPORTED);
    expect(users.find(({ username }) => username === 'ada')).toEqual({
      id: 'django-1',
      username: 'ada',
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      role: 'admin',
      status: 'active',
      attributes: defaultAttributes(),
      createdAt: new Date(site.madeAt),
    });
    expect(users.find(({ username }) => username === 'bob')).toMatchObject({ role: 'user', name: 'Bob' });
    const { events } = await accounts.listAudit({ kind: 'user_imported', limit: 100 });
    expect(new Set(events.map(({ userId }) => userId))).toEqual(new Set(users.map(({ id }) => id)));
    expect(users.find(({ username }) => username === 'carol')).toMatchObject({ status: 'suspended', name: 'carol' });

    const second = await importing(database, url);
    expect(second.counts).toEqual({ read: 10, imported: 0, updated: 0, unchanged: 7, refused: 3 });
    expect(await accounts.listUsers()).toEqual(users);
  });
});

test('security 21: imported users sign in with their password, which is then hashed with argon2id', async () => {
  const { accounts, database } = await temporaryAccounts();
  await importing(database, await djangoSite(SQLITE), { staffAs: 'admin' });
  const { password } = DJANGO_SITE;
  for (const identifier of ['ada', 'ada@example.com', 'BOB', 'grace@example.com'])
    expect(await accounts.authenticate({ identifier, password })).toMatchObject({ ok: true });
  for (const identifier of ['carol', 'heidi', 'dave', 'no-mail'])
    expect(await accounts.authenticate({ identifier, password })).toMatchObject({ ok: false });
  expect(await accounts.authenticate({ identifier: 'dave', password: 'another one' })).toMatchObject({ ok: true });
  expect(await accounts.findUser('bob')).toMatchObject({ role: 'admin' });
  expect((await database.prisma.user.findUniqueOrThrow({ where: { usernameKey: 'ada' } })).passwordHash).toMatch(/^\$argon2id\$/);
});

test('a dry run reports the same outcome and writes nothing', async () => {
  const { accounts, database } = await temporaryAccounts();
  const { counts, notices } = await importing(database, await djangoSite(SQLITE), { dryRun: true });
  expect(counts).toEqual({ read: 10, imported: 7, updated: 0, unchanged: 0, refused: 3 });
  expect(notices.toSorted()).toEqual(NOTICES.toSorted());
  expect(await accounts.countUsers()).toBe(0);
});

describe.each(DATABASES)('a user name with an @ that is not an e-mail address, from $name,', (on) => {
  test.skipIf(!on.available).each([
    ['me@corp', 'me@corp.example'],
    ['@ada', 'ada@example.com'],
    ['me@corp', 'somebody-else@corp.example'],
    ['a@b@c', 'ada@example.com'],
    ['Ada@HOME', 'ada@example.com'],
  ])('is imported unchanged and can sign in: %s', async (username, email) => {
    const { accounts, database } = await temporaryAccounts();
    const url = await djangoSite(on);
    await change(url, `UPDATE auth_user SET username = '${username}', email = '${email}' WHERE username = 'ada'`);
    expect((await importing(database, url)).notices.filter((notice) => notice.startsWith(username))).toEqual([]);
    const { password } = DJANGO_SITE;
    for (const identifier of [username, username.toUpperCase(), email])
      expect(await accounts.authenticate({ identifier, password })).toMatchObject({ ok: true, user: { id: 'django-1', username } });
  });
});

test.each([
  ['an e-mail address that is not the one on record', 'bob@example.com', 'ada@example.com', 'USERNAME_IS_ADDRESS'],
  ['a name that is not an address, without an e-mail address', 'me@corp', '', 'NO_EMAIL'],
])('a user name is refused if it is %s', async (_, username, email, reason) => {
  const { database } = await temporaryAccounts();
  const url = await djangoSite(SQLITE);
  await change(url, `UPDATE auth_user SET username = '${username}', email = '${email}' WHERE username = 'ada'`);
  expect((await importing(database, url)).notices).toContain(`${username} ${reason}`);
});

test('security 49: a name with invisible characters is refused, and the rest of the page is imported', async () => {
  const { accounts, database } = await temporaryAccounts();
  const url = await djangoSite(SQLITE);
  await change(url, "UPDATE auth_user SET first_name = 'Ada\u200b' WHERE username = 'ada'");
  await change(url, "UPDATE auth_user SET first_name = 'علی\u200cرضا' WHERE username = 'bob'");
  const { notices, counts } = await importing(database, url);
  expect(notices).toContain('ada BAD_NAME');
  // The other user with the same address gets it.
  expect(counts).toMatchObject({ imported: 7, refused: 3 });
  expect(await accounts.findUser('bob')).toMatchObject({ name: 'علی\u200cرضا' });
});

test('a display name that is too long is cut between characters', async () => {
  const { accounts, database } = await temporaryAccounts();
  const url = await djangoSite(SQLITE);
  await change(url, `UPDATE auth_user SET first_name = '${'x'.repeat(95)}👩‍👩‍👧', last_name = '' WHERE username = 'ada'`);
  await importing(database, url);
  expect(await accounts.findUser('ada')).toMatchObject({ name: 'x'.repeat(95) });
});

test('a user name or e-mail address that is taken is refused', async () => {
  const { database, user } = await temporaryAccounts();
  await user({ username: 'Bob', email: 'other@example.com', name: 'Another' });
  expect((await importing(database, await djangoSite(SQLITE))).notices).toContain('bob USERNAME_TAKEN');
});

test('a second import takes over passwords changed in Django and suspensions, and ends sessions; changes made here stay', async () => {
  const { accounts, database, sessions } = await temporaryAccounts();
  const url = await djangoSite(SQLITE);
  await importing(database, url);
  await accounts.authenticate({ identifier: 'ada', password: DJANGO_SITE.password });
  await accounts.updateProfile('django-2', { name: 'Robert' });
  await sessions('django-2', 1);
  const dave = DJANGO_SITE.tables.auth_user.find(({ username }) => username === 'dave')?.['password'];
  await change(url, `UPDATE auth_user SET password = '${String(dave)}', first_name = 'B.' WHERE username IN ('ada', 'bob')`);
  await change(url, "UPDATE auth_user SET is_active = 0 WHERE username = 'Eve'");

  const { counts, ended } = await importing(database, url);
  expect(counts).toMatchObject({ imported: 0, updated: 2, unchanged: 5 });
  expect(ended).toEqual(['django-2', (await accounts.findUser('eve'))?.id]);
  expect(await accounts.findUser('eve')).toMatchObject({ status: 'suspended' });
  expect(await accounts.findUser('bob')).toMatchObject({ name: 'Robert' });
  expect(await accounts.authenticate({ identifier: 'bob', password: 'another one' })).toMatchObject({ ok: true, credentialEpoch: 1 });
  // She has signed in here, so the password from here is kept.
  expect(await accounts.authenticate({ identifier: 'ada', password: DJANGO_SITE.password })).toMatchObject({ ok: true });
});

test('a custom table with only the columns of AbstractBaseUser', async () => {
  const { accounts, database } = await temporaryAccounts();
  const url = await djangoSite(SQLITE);
  await change(url, 'CREATE TABLE members_member AS SELECT id, password, email FROM auth_user WHERE id < 3');
  expect((await importing(database, url, { table: 'members_member' })).counts).toMatchObject({ imported: 2 });
  expect(await accounts.authenticate({ identifier: 'ada@example.com', password: DJANGO_SITE.password })).toMatchObject({ ok: true });
  await expect(importing(database, url, { table: 'django_session' })).rejects.toMatchObject({ code: 'NOT_DJANGO' });
  await expect(importing(database, url, { table: 'not_there' })).rejects.toMatchObject({ code: 'NOT_DJANGO' });
});

describe.each(DATABASES)('from a custom user model in $name', (on) => {
  const columns = { id: 'member_id', email: 'mail', first_name: 'full_name', is_superuser: 'boss' };
  const table = 'club_members';

  test.skipIf(!on.available)('with UUIDs and custom column names', async () => {
    const { accounts, database } = await temporaryAccounts();
    const url = await djangoSite(on, DJANGO_MEMBERS);
    const { counts } = await importing(database, url, { table, columns });
    expect(counts).toEqual({ read: 4, imported: 4, updated: 0, unchanged: 0, refused: 0 });
    expect((await importing(database, url, { table, columns })).counts).toMatchObject({ imported: 0, unchanged: 4 });
    const { password } = DJANGO_MEMBERS;
    const ada = await accounts.authenticate({ identifier: 'ada@example.com', password });
    // With hyphens, as Django writes UUIDs.
    const id = expect.stringMatching(/^django-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string;
    expect(ada).toMatchObject({ ok: true, user: { id, name: 'Ada', role: 'admin' } });
    expect(await accounts.findUser('carol@example.com')).toMatchObject({ status: 'suspended' });
  });

  test.skipIf(!on.available)('a missing column is named in the error, with those that exist', async () => {
    const { database } = await temporaryAccounts();
    const url = await djangoSite(on, DJANGO_MEMBERS);
    const wrong = importing(database, url, { table, columns: { ...columns, email: 'e_mail' } });
    await expect(wrong).rejects.toMatchObject({
      code: 'NOT_DJANGO',
      message: expect.stringMatching(/no column e_mail.*member_id, mail/) as string,
    });
    await expect(importing(database, url, { table })).rejects.toThrow('--column id=');
  });
});

test('from a database created by the Django on this machine', async ({ skip }) => {
  const made = makeDjangoSite();
  if (!made) return skip();
  const { accounts, database } = await temporaryAccounts();
  expect((await importing(database, made.url)).counts).toMatchObject({ read: 10, imported: 7, refused: 3 });
  expect(await accounts.authenticate({ identifier: 'ada', password: made.password })).toMatchObject({ ok: true });
});
