import { expect, test } from 'vitest';
import { temporaryAccounts } from '../test-support/temporary-accounts.ts';
import { InvalidCursorError } from './account-errors.ts';
import type { UserQuery } from './search-users.ts';
import { nameKeyOf, searchWords, wordsOf } from './user-words.ts';

const PEOPLE = [
  { username: 'ann.lee', email: 'ann@north.example', name: 'Ann Lee' },
  { username: 'jose', email: 'j.alvarez@south.example', name: 'José Álvarez' },
  { username: 'dmitri', email: 'dmitri@north.example', name: 'Дмитрий Анин' },
  { username: 'zoe', email: 'zoe-ann@west.example', name: 'zoë O’Brien' },
  { username: 'anders', email: 'anders@south.example', name: 'Anders Bo' },
] as const;

async function people() {
  const made = await temporaryAccounts();
  const ids = new Map<string, string>();
  for (const person of PEOPLE)
    ids.set(person.username, (await made.user({ ...person, role: person.username === 'zoe' ? 'admin' : 'user' })).id);
  const find = async (query: Partial<UserQuery>): Promise<string[]> =>
    (await made.accounts.searchUsers({ sort: 'name', descending: false, limit: 25, ...query })).users.map(({ username }) => username);
  return { ...made, find, idOf: (username: string) => ids.get(username) ?? '' };
}

test('accounts are found by the beginning of any word of name, user name and e-mail address, sorted by name', async () => {
  const { find } = await people();
  expect(await find({})).toEqual(['anders', 'ann.lee', 'jose', 'zoe', 'dmitri']);
  for (const [text, found] of [
    ['an', ['anders', 'ann.lee', 'zoe']],
    ['ANN', ['ann.lee', 'zoe']],
    ['lee', ['ann.lee']],
    ['ee', []],
    ['jose', ['jose']],
    ['JOSÉ', ['jose']],
    ['alva', ['jose']],
    ['álv', ['jose']],
    ['ани', ['dmitri']],
    ['north', ['ann.lee', 'dmitri']],
    ['ann@n', ['ann.lee']],
    ['brien', ['zoe']],
    ['o’b', ['zoe']],
    ['  south   an ', ['anders']],
    ['an nobody', []],
    ['%', []],
    ['_', []],
  ] as const)
    expect({ text, found: await find({ text }) }).toEqual({ text, found });
});

test('filters and orders can be combined with a text', async () => {
  const { accounts, find, idOf } = await people();
  await accounts.setStatus(idOf('ann.lee'), 'suspended');
  expect(await find({ text: 'an', status: 'active' })).toEqual(['anders', 'zoe']);
  expect(await find({ role: 'admin' })).toEqual(['zoe']);
  expect(await find({ text: 'an', role: 'admin', status: 'active' })).toEqual(['zoe']);
  expect(await find({ status: 'suspended', descending: true })).toEqual(['ann.lee']);
  expect(await find({ among: [idOf('zoe'), idOf('jose'), 'nobody'] })).toEqual(['jose', 'zoe']);
  expect(await find({ among: [] })).toEqual([]);
  expect(await find({ text: 'an', among: [idOf('zoe'), idOf('jose')] })).toEqual(['zoe']);
  expect(await find({ text: 'an', descending: true })).toEqual(['zoe', 'ann.lee', 'anders']);

  const by = { kind: 'self', id: idOf('jose'), ip: null, userAgent: null } as const;
  const signIn = (at: string) =>
    accounts.recordActivity({ kind: 'signed_in', detail: { method: 'password' }, userId: idOf('jose'), at: new Date(at), by });
  await signIn('2026-02-01T00:00:00Z');
  // Written late, so it is not the last one.
  await signIn('2026-01-01T00:00:00Z');
  expect((await find({ sort: 'lastSignIn', descending: true }))[0]).toBe('jose');
  expect((await accounts.describeUser(idOf('jose')))?.lastSignIn).toEqual(new Date('2026-02-01T00:00:00Z'));
  expect((await accounts.describeUser(idOf('zoe')))?.lastSignIn).toBe(undefined);
  expect(await find({ sort: 'createdAt' })).toHaveLength(PEOPLE.length);
});

test.each(['name', 'createdAt', 'lastSignIn'] as const)('pages by %s have every account once, in both directions', async (sort) => {
  const { accounts, find } = await people();
  for (const descending of [false, true]) {
    const all = await find({ sort, descending });
    const paged: string[] = [];
    let after: string | undefined;
    do {
      const page = await accounts.searchUsers({ sort, descending, limit: 2, after });
      paged.push(...page.users.map(({ username }) => username));
      after = page.next;
    } while (after !== undefined);
    expect(paged).toEqual(all);
    expect(new Set(paged).size).toBe(PEOPLE.length);
  }
});

test('a cursor of another order, or any other text, is refused', async () => {
  const { accounts } = await people();
  const search = (query: Partial<UserQuery>) => accounts.searchUsers({ sort: 'name', descending: false, limit: 2, ...query });
  const { next } = await search({});
  await expect(search({ after: next, sort: 'createdAt' })).rejects.toThrow(InvalidCursorError);
  await expect(search({ after: next, descending: true })).rejects.toThrow(InvalidCursorError);
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const after of [
    '',
    'x',
    encoded({}),
    encoded(['name', false, 7, 'x']),
    encoded(['name', false, 'a\0', 'x']),
    encoded(['name', false, 'a', '']),
  ])
    await expect(search({ after })).rejects.toThrow(InvalidCursorError);
});

test('a changed account is found by its new words only, and a deleted one by none', async () => {
  const { accounts, database, find, idOf } = await people();
  await accounts.updateProfile(idOf('jose'), { name: 'Pepe Alvarez' });
  expect(await find({ text: 'pepe' })).toEqual(['jose']);
  const changed = await accounts.updateUser(idOf('jose'), { name: 'Jo', email: 'new@place.example', role: 'admin' });
  expect(changed).toMatchObject({ ok: true, user: { name: 'Jo', email: 'new@place.example', role: 'admin' } });
  expect(await find({ text: 'pepe' })).toEqual([]);
  expect(await find({ text: 'alvarez' })).toEqual([]);
  expect(await find({ text: 'place' })).toEqual(['jose']);
  expect((await accounts.findUser('new@place.example'))?.username).toBe('jose');
  expect((await accounts.listAudit({ userId: idOf('jose'), limit: 10 })).events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['profile_changed', 'role_changed']),
  );
  expect(await accounts.updateUser(idOf('zoe'), { email: 'New@Place.example', role: 'user' })).toEqual({
    ok: false,
    problems: { email: [expect.any(String)] },
  });
  // All or nothing.
  expect((await accounts.findUserById(idOf('zoe')))?.role).toBe('admin');
  await accounts.deleteUser(idOf('jose'));
  expect(await find({ text: 'place' })).toEqual([]);
  expect(await database.prisma.userWord.count({ where: { userId: idOf('jose') } })).toBe(0);
});

test('an account that an older server created is found after the next run of the background job', async () => {
  const { accounts, database, find, idOf } = await people();
  await accounts.recordActivity({
    kind: 'signed_in',
    detail: { method: 'password' },
    userId: idOf('jose'),
    at: new Date('2026-02-01T00:00:00Z'),
    by: { kind: 'self', id: idOf('jose'), ip: null, userAgent: null },
  });
  await database.prisma.userWord.deleteMany();
  await database.prisma.user.updateMany({ data: { nameKey: '', lastSignInMs: 0 } });
  expect(await find({ text: 'jose' })).toEqual([]);
  expect(await accounts.indexUsers({ batch: 3 })).toBe(3);
  expect(await accounts.indexUsers({ batch: 3 })).toBe(2);
  expect(await accounts.indexUsers({ batch: 3 })).toBe(0);
  expect(await find({ text: 'jose' })).toEqual(['jose']);
  expect(await find({})).toEqual(['anders', 'ann.lee', 'jose', 'zoe', 'dmitri']);
  expect((await accounts.describeUser(idOf('jose')))?.lastSignIn).toEqual(new Date('2026-02-01T00:00:00Z'));
});

test('words that another word begins with are not stored, and none is longer than the column', () => {
  expect(wordsOf({ name: 'Ann Ann-Marie Lee', username: 'ann', email: 'ann.lee@x.example' })).toEqual([
    'ann-marie',
    'ann.lee@x.example',
    'lee',
    'marie',
    'x.example',
  ]);
  const long = wordsOf({ name: '😀'.repeat(100), username: 'u'.repeat(32), email: `${'e'.repeat(242)}@example.com` });
  for (const word of long) expect(Array.from(word).length).toBeLessThanOrEqual(64);
  expect(nameKeyOf('  Zoë \u00a0 O’BRIEN ')).toBe('zoe o’brien');
  expect(searchWords(' Ｆｕｌｌ  ÉTÉ full')).toEqual(['full', 'ete']);
});

test('accounts are counted in slices, whatever the size of a slice', async () => {
  const { accounts } = await people();
  for (const slice of [1, 2, PEOPLE.length, 100]) expect(await accounts.countUsers({ slice })).toBe(PEOPLE.length);
});

test.each(['name', 'createdAt', 'lastSignIn'] as const)(
  'the accounts of a status have pages by %s, also if there are more than a search sorts',
  async (sort) => {
    const { accounts, database, user } = await temporaryAccounts();
    const { id } = await user();
    const { id: _id, ...row } = await database.prisma.user.findUniqueOrThrow({ where: { id } });
    const count = 1010;
    await database.prisma.user.createMany({
      data: Array.from({ length: count }, (_, n) => {
        const name = `user${String(n).padStart(4, '0')}`;
        return {
          ...row,
          id: name,
          username: name,
          usernameKey: name,
          email: name,
          emailKey: name,
          nameKey: name,
          lastSignInMs: n,
          status: 'suspended',
          createdAt: new Date(n * 1000),
        };
      }),
    });
    const found: string[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const page = await accounts.searchUsers({ status: 'suspended', sort, descending: true, limit: 500, after });
      expect(page.isComplete).toBe(true);
      found.push(...page.users.map(({ username }) => username));
      after = page.next;
    }
    expect(found).toEqual(Array.from({ length: count }, (_, n) => `user${String(count - 1 - n).padStart(4, '0')}`));
  },
);
