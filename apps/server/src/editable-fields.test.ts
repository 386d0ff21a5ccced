import { demoFields } from '@gatehouse/accounts';
import { FIELD_MESSAGES, sessionUserSchema } from '@gatehouse/contract';
import { DATABASES, type EmptyDatabase } from '@gatehouse/prisma/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addUser, runApp, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

/** The fields of the demo, one that cannot be emptied, and one that nobody may edit. */
const attributes = demoFields.extend({
  team: sessionUserSchema.shape.name.min(1).max(20).default('Everyone').meta({ editable: true }),
  salary: sessionUserSchema.shape.name.optional(),
});

describe.each(DATABASES)('$name', (on) => {
  describe.skipIf(!on.available)('own fields', () => {
    let database: EmptyDatabase;
    let app: RunningApp;
    let owner: Visitor;
    let admin: Visitor;
    let userId: string;
    const stored = async () => (await app.accounts.findUserById(userId))?.attributes;
    const audit = async () => (await app.accounts.listAudit({ userId, kind: 'profile_changed', limit: 50 })).events;

    beforeAll(async () => {
      database = await on.create();
      app = await runApp({ DATABASE_URL: database.url }, { attributes });
      userId = await addUser(app.accounts, { username: 'eve' });
      [owner, admin] = [app.visitor(), app.visitor()];
      await owner.signIn('eve');
      await admin.signIn('root');
    });
    afterAll(async () => {
      await app.close();
      await database.drop();
    });

    test('the owner edits what is marked for them, and every response shows it; an entry names the fields', async () => {
      const edits = { department: 'Sales', phone: ' +44 1 ', newsletter: true };
      const { data } = await owner.mutate('account.updateProfile', { attributes: edits });
      expect(data).toMatchObject({ name: 'eve', attributes: { ...edits, phone: '+44 1', team: 'Everyone' } });
      expect((await owner.query('auth.me')).data.user).toEqual(data);
      expect((await admin.query('admin.users.get', { userId })).data).toMatchObject({ attributes: data.attributes });
      const [entry] = await audit();
      expect(entry).toMatchObject({
        actorKind: 'self',
        detail: { fields: ['attributes.department', 'attributes.phone', 'attributes.newsletter'] },
      });
      expect(JSON.stringify(entry)).not.toMatch(/Sales|\+44/);
    });

    test('a form gets the fields that its user may edit, and only administrators get theirs', async () => {
      const keys = ({ data }: { data: { key: string; readOnly: boolean }[] }) =>
        data.flatMap(({ key, readOnly }) => (readOnly ? [] : [key]));
      expect(keys(await owner.query('account.fields'))).toEqual(['department', 'phone', 'about', 'newsletter', 'team']);
      expect(keys(await admin.query('admin.users.fields'))).toEqual([
        'department',
        'phone',
        'about',
        'newsletter',
        'desk',
        'since',
        'team',
      ]);
      expect((await owner.query('admin.users.fields')).error?.data.reason).toBe('ROLE_REQUIRED');
    });

    test('a field that the owner may not edit is refused by name, and nothing else is changed', async () => {
      const before = await stored();
      for (const key of ['desk', 'salary', 'none', 'constructor', 'role', 'a.b']) {
        const { status, error } = await owner.mutate('account.updateProfile', { name: 'Mallory', attributes: { about: 'x', [key]: 1 } });
        expect([status, error?.data.fields]).toEqual([400, { [`attributes.${key}`]: [FIELD_MESSAGES.FIELD_NOT_EDITABLE] }]);
      }
      for (const key of ['salary', 'none']) {
        const { error } = await admin.mutate('admin.users.update', { userId, role: 'admin', attributes: { [key]: 'x' } });
        expect(error?.data.fields).toEqual({ [`attributes.${key}`]: [FIELD_MESSAGES.FIELD_NOT_EDITABLE] });
      }
      expect(await app.accounts.findUserById(userId)).toMatchObject({ name: 'eve', role: 'user', attributes: before });
    });

    test('values that the schema, the form or a database refuses are reported at their field, and change nothing', async () => {
      const before = await stored();
      const wrong: [string, unknown][] = [
        ['department', 'Elsewhere'],
        ['department', 7],
        ['phone', 'not a number'],
        ['phone', '+1'.repeat(16)],
        ['phone', true],
        ['about', 'a\0b'],
        ['about', '\ud800'],
        ['about', 'x'.repeat(9000)],
        ['about', ['x']],
        ['about', {}],
        ['newsletter', 'true'],
        ['newsletter', 1],
        ['team', ''],
        ['team', null],
      ];
      for (const [key, value] of wrong) {
        const { status, error } = await owner.mutate('account.updateProfile', { attributes: { [key]: value } });
        expect([status, Object.keys(error?.data.fields ?? {})], `${key}: ${JSON.stringify(value)}`).toEqual([400, [`attributes.${key}`]]);
      }
      const both = { department: 'Elsewhere', phone: 'x' };
      const { error } = await owner.mutate('account.updateProfile', { attributes: both });
      expect(Object.keys(error?.data.fields ?? {})).toEqual(['attributes.department', 'attributes.phone']);
      for (const attributes of [null, [], 'x', 7, { ['__proto__']: 'x' }])
        expect((await owner.mutate('account.updateProfile', { attributes })).status).toBeLessThan(500);
      for (const [key, value] of [
        ['desk', 1.5],
        ['desk', 401],
        ['desk', '7'],
        ['since', '2026-02-30'],
        ['since', 'now'],
      ] as const) {
        const refused = await admin.mutate('admin.users.update', { userId, name: 'Mallory', attributes: { [key]: value } });
        expect(Object.keys(refused.error?.data.fields ?? {})).toEqual([`attributes.${key}`]);
      }
      expect(await app.accounts.findUserById(userId)).toMatchObject({ name: 'eve', attributes: before });
    });

    test('null empties a field', async () => {
      await owner.mutate('account.updateProfile', { attributes: { about: 'Likes tea.', department: 'Workshop' } });
      const { data } = await owner.mutate('account.updateProfile', { attributes: { about: null, department: null } });
      expect(data.attributes).not.toHaveProperty('about');
      expect(data.attributes).not.toHaveProperty('department');
    });

    test('edits of different fields at the same time are all kept', async () => {
      const answers = await Promise.all([
        owner.mutate('account.updateProfile', { attributes: { phone: '1' } }),
        owner.mutate('account.updateProfile', { attributes: { about: 'Two' } }),
        admin.mutate('admin.users.update', { userId, attributes: { desk: 3 } }),
        admin.mutate('admin.users.update', { userId, attributes: { since: '2026-01-04' } }),
        owner.mutate('account.updateProfile', { name: 'Eve E.' }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(await app.accounts.findUserById(userId)).toMatchObject({
        name: 'Eve E.',
        attributes: { phone: '1', about: 'Two', desk: 3, since: '2026-01-04' },
      });
    });

    test('an administrator creates an account with fields; a wrong one is reported at its field and creates none', async () => {
      const user = { username: 'zoe', email: 'zoe@example.org', name: 'Zoe' };
      const wrong = await admin.mutate('admin.users.create', { ...user, email: 'none', attributes: { desk: 0, team: 'Office' } });
      expect(Object.keys(wrong.error?.data.fields ?? {})).toEqual(['email', 'attributes.desk']);
      const refused = await admin.mutate('admin.users.create', { ...user, attributes: { salary: '1' } });
      expect(refused.error?.data.fields).toEqual({ 'attributes.salary': [FIELD_MESSAGES.FIELD_NOT_EDITABLE] });
      expect(await app.accounts.findUser('zoe')).toBe(undefined);
      const { data } = await admin.mutate('admin.users.create', { ...user, attributes: { desk: 4, about: null } });
      expect(data.user.attributes).toEqual({ desk: 4, team: 'Everyone' });
    });

    test('after the schema has changed, stored values of other versions stay, and their fields are no longer edited', async () => {
      await owner.mutate('account.updateProfile', { attributes: { department: 'Sales', phone: '2' } });
      const next = demoFields.pick({ phone: true }).extend({ motto: sessionUserSchema.shape.name.optional().meta({ editable: true }) });
      const newer = await runApp({ DATABASE_URL: database.url }, { attributes: next });
      try {
        const visitor = newer.visitor();
        await visitor.signIn('eve');
        const refused = await visitor.mutate('account.updateProfile', { attributes: { department: 'Workshop' } });
        expect(refused.error?.data.fields).toEqual({ 'attributes.department': [FIELD_MESSAGES.FIELD_NOT_EDITABLE] });
        const { data } = await visitor.mutate('account.updateProfile', { attributes: { motto: 'Onward' } });
        expect(data.attributes).toEqual({ phone: '2', motto: 'Onward' });
      } finally {
        await newer.close();
      }
      expect(await stored()).toMatchObject({ department: 'Sales', phone: '2' });
      const row = await app.database.prisma.user.findUniqueOrThrow({ where: { id: userId } });
      expect(JSON.parse(row.attributes)).toMatchObject({ department: 'Sales', motto: 'Onward' });
    });
  });
});

test('without marks, no field is editable', async () => {
  const app = await runApp({}, { attributes: { shape: { department: sessionUserSchema.shape.name.default('none') } } });
  try {
    const visitor = app.visitor();
    await visitor.signIn('root');
    for (const fields of ['account.fields', 'admin.users.fields'])
      expect((await visitor.query(fields)).data).toMatchObject([{ key: 'department', readOnly: true }]);
    const { error } = await visitor.mutate('account.updateProfile', { attributes: { department: 'Sales' } });
    expect(error?.data.fields).toEqual({ 'attributes.department': [FIELD_MESSAGES.FIELD_NOT_EDITABLE] });
  } finally {
    await app.close();
  }
});
