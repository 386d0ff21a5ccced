import type { AttributeChanges } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ALICE, PASSWORD, temporaryAccounts } from '../test-support/temporary-accounts.ts';
import { createAccounts } from './accounts.ts';
import { UserAttributesError } from './attributes.ts';

const schema = z.object({
  department: z.string().trim().max(20).default('none'),
  address: z.object({ city: z.string().max(10) }).optional(),
  tags: z.array(z.string()).default([]),
});

/** Fields for these tests only, which are not merged into the global types. */
const own = (fields: Record<string, unknown>): AttributeChanges => fields;

const withSchema = () => temporaryAccounts({ attributes: schema });

test('an account has the defaults of the schema until a field is set, and every method that returns a user includes its attributes', async () => {
  const { accounts, user } = await withSchema();
  const { id, attributes } = await user();
  expect(attributes).toEqual({ department: 'none', tags: [] });
  const set = { department: 'Sales', tags: ['a'], address: { city: 'Köln' } };
  expect(await accounts.updateAttributes(id, own({ ...set, department: ' Sales ' }))).toMatchObject({ id, attributes: set });
  expect(await accounts.findUser('alice')).toMatchObject({ attributes: set });
  expect(await accounts.findUserById(id)).toMatchObject({ attributes: set });
  expect(await accounts.listUsers()).toMatchObject([{ attributes: set }]);
  expect(await accounts.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ user: { attributes: set } });
  expect(await accounts.forSignIn(id)).toMatchObject({ user: { attributes: set } });
  expect(await accounts.verifyPassword(id, PASSWORD)).toMatchObject({ user: { attributes: set } });
  expect(await accounts.updateProfile(id, { name: 'Alice' })).toMatchObject({ attributes: set });
  expect(await accounts.setRole(id, 'admin')).toMatchObject({ attributes: set });
  expect(await accounts.setStatus(id, 'active')).toMatchObject({ user: { attributes: set } });
  expect((await accounts.updateAttributes(id, own({ address: undefined, department: undefined }))).attributes).toEqual({
    department: 'none',
    tags: ['a'],
  });
});

test('a new account can have attributes; an invalid one is reported with the path of its field', async () => {
  const { accounts, database } = await withSchema();
  const wrong = { ...ALICE, email: 'nothing', attributes: own({ address: { city: 7 }, salary: 1 }) };
  expect(await accounts.createUser(wrong)).toEqual({
    ok: false,
    problems: {
      email: [expect.any(String)],
      attributes: [
        expect.stringMatching(/^attributes\.address\.city: .*string/),
        'attributes.salary: There is no such field. The fields are: department, address, tags.',
      ],
    },
    attributeProblems: {
      'attributes.address.city': [expect.stringContaining('string')],
      'attributes.salary': ['There is no such field. The fields are: department, address, tags.'],
    },
  });
  expect(await database.prisma.user.count()).toBe(0);
  const created = await accounts.createUser({ ...ALICE, attributes: own({ department: 'Sales' }) });
  expect(created).toMatchObject({ ok: true, user: { attributes: { department: 'Sales', tags: [] } } });
});

test.each([
  [{ department: 'x'.repeat(21) }, 'attributes.department'],
  [{ department: 'half \ud83d' }, 'attributes.department'],
  [{ department: 'a\0b' }, 'attributes.department'],
  [{ address: { city: 'x'.repeat(11) } }, 'attributes.address.city'],
  [{ tags: ['a', 7] }, 'attributes.tags.1'],
  [{ ['__proto__']: 1 }, 'attributes.__proto__'],
  [{ constructor: 'x' }, 'attributes.constructor'],
  [{ tags: ['ü'.repeat(4200)] }, 'attributes'],
  [[], 'attributes'],
])('a value that the schema or the storage rejects changes nothing: case %#', async (changes, path) => {
  const { accounts, database, user } = await withSchema();
  const { id } = await user();
  await accounts.updateAttributes(id, own({ department: 'Sales' }));
  const given = path === 'attributes.__proto__' ? (JSON.parse('{"__proto__":1}') as object) : changes;
  const failure: unknown = await accounts.updateAttributes(id, given).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserAttributesError);
  expect(Object.keys((failure as UserAttributesError).problems)).toEqual([path]);
  expect((failure as Error).message).toContain(`${path}: `);
  const rows = await database.prisma.user.findMany();
  expect(rows).toMatchObject([{ attributes: '{"department":"Sales"}' }]);
});

test('a value that would change when it is stored and read again is refused', async () => {
  const dated = z.object({
    since: z.coerce.date().optional(),
    count: z
      .int()
      .transform((count) => count + 1)
      .default(0),
  });
  const { accounts, user } = await temporaryAccounts({ attributes: dated });
  const { id } = await user();
  await expect(accounts.updateAttributes(id, own({ since: new Date() }))).rejects.toThrow('attributes.since: This is not a JSON value');
  await expect(accounts.updateAttributes(id, own({ count: 1 }))).rejects.toThrow('attributes.count: The schema would change this value');
});

test('two versions with different schemas read their own fields and keep those of the other', async () => {
  const { accounts: before, database, user } = await withSchema();
  const after = createAccounts({
    database,
    attributes: z.object({ department: z.enum(['sales', 'none']).default('none'), floor: z.int().default(0) }),
  });
  const { id } = await user();
  await before.updateAttributes(id, own({ department: 'Sales', tags: ['a'] }));
  expect(await after.findUserById(id)).toMatchObject({ attributes: { department: 'none', floor: 0 } });
  await after.updateAttributes(id, own({ floor: 4 }));
  expect((await before.updateAttributes(id, own({ address: { city: 'Köln' } }))).attributes).toEqual({
    department: 'Sales',
    tags: ['a'],
    address: { city: 'Köln' },
  });
  expect((await after.findUserById(id))?.attributes).toEqual({ department: 'none', floor: 4 });
});

test('concurrent changes of different fields are both kept', async () => {
  const { accounts, user } = await withSchema();
  const { id } = await user();
  await Promise.all([accounts.updateAttributes(id, own({ department: 'Sales' })), accounts.updateAttributes(id, own({ tags: ['a'] }))]);
  expect((await accounts.findUserById(id))?.attributes).toEqual({ department: 'Sales', tags: ['a'] });
});

test('a change writes one audit entry; setting the same value writes none', async () => {
  const { accounts, user } = await withSchema();
  const { id } = await user();
  for (let round = 0; round < 2; round += 1) await accounts.updateAttributes(id, own({ department: 'Sales' }));
  const { events } = await accounts.listAudit({ userId: id, limit: 10 });
  expect(events.map(({ kind }) => kind).toSorted()).toEqual(['profile_changed', 'user_created']);
});

test('name and attributes change together or not at all, and the audit entry names what changed, without values', async () => {
  const { accounts, user } = await withSchema();
  const { id } = await user();
  const both = { name: 'Alice L.', attributes: own({ department: 'Sales', tags: [] }) };
  expect(await accounts.updateProfile(id, both)).toMatchObject({ name: 'Alice L.', attributes: { department: 'Sales', tags: [] } });
  const wrong = { name: 'Mallory', attributes: own({ department: 7 }) };
  await expect(accounts.updateProfile(id, wrong)).rejects.toBeInstanceOf(UserAttributesError);
  await expect(accounts.updateUser(id, { ...wrong, role: 'admin' })).rejects.toBeInstanceOf(UserAttributesError);
  expect(await accounts.findUserById(id)).toMatchObject({ name: 'Alice L.', role: 'user', attributes: { department: 'Sales' } });
  const changes = { name: 'Alice', role: 'admin', attributes: own({ department: undefined }) } as const;
  expect(await accounts.updateUser(id, changes)).toMatchObject({ ok: true, user: { role: 'admin', attributes: { department: 'none' } } });
  expect(await accounts.updateProfile(id, {})).toMatchObject({ name: 'Alice' });
  const { events } = await accounts.listAudit({ userId: id, kind: 'profile_changed', limit: 10 });
  expect(events.map(({ detail }) => detail)).toEqual(
    expect.arrayContaining([
      { fields: ['name', 'attributes.department', 'attributes.tags'] },
      { fields: ['name', 'attributes.department'] },
    ]),
  );
  expect(events).toHaveLength(2);
  expect(JSON.stringify(events)).not.toContain('Sales');
});

test('an update of an account and one of its profile that change different fields are both kept', async () => {
  const { accounts, user } = await withSchema();
  const { id } = await user();
  await Promise.all([
    accounts.updateUser(id, { attributes: own({ department: 'Sales' }) }),
    accounts.updateProfile(id, { attributes: own({ tags: ['a'] }) }),
    accounts.updateProfile(id, { name: 'Alice L.' }),
  ]);
  expect(await accounts.findUserById(id)).toMatchObject({ name: 'Alice L.', attributes: { department: 'Sales', tags: ['a'] } });
});
