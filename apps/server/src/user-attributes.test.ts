import { sessionUserSchema, type AttributeChanges } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, type RunningApp } from '../test-support/running-app.ts';

/** Declared as in an app, but only for this test. */
const attributes = { shape: { department: sessionUserSchema.shape.name.max(20).default('none') } };
const department = (name: string | undefined): AttributeChanges => Object.fromEntries([['department', name]]);

describe.each(ENGINES)('%s', (engine) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runAppOn(engine, {}, { attributes });
  });
  afterAll(() => app.close());

  test('a custom user field is current in every response that contains the user', async () => {
    const id = await addUser(app.accounts, { username: 'eve' });
    const [owner, admin] = [app.visitor(), app.visitor()];
    expect((await owner.signIn('eve')).data.user).toMatchObject({ attributes: { department: 'none' } });
    await admin.signIn('root');
    for (const name of ['Sales', 'Büro 4', undefined]) {
      await app.accounts.updateAttributes(id, department(name));
      const user = { id, attributes: { department: name ?? 'none' } };
      expect((await owner.query('auth.me')).data).toMatchObject({ user });
      expect((await admin.query('admin.users.get', { userId: id })).data).toMatchObject(user);
      expect((await admin.query('admin.users.list', {})).data.users).toContainEqual(expect.objectContaining(user));
      expect(await (await owner.fetch('/account/export')).json()).toMatchObject({ account: user });
    }
  });

  test('stored values that are invalid or undeclared cause no error and end no session', async () => {
    const id = await addUser(app.accounts, { username: 'mallory' });
    const browser = app.visitor();
    await browser.signIn('mallory');
    for (const stored of ['{"half', '["Sales"]', '{"department":7}', '{"department":"none","salary":1}']) {
      await app.database.prisma.user.update({ where: { id }, data: { attributes: stored } });
      // Updates the sessions outside the database.
      await app.accounts.updateProfile(id, { name: 'Mallory' });
      const { status, data } = await browser.query('auth.me');
      expect({ status, attributes: data.user.attributes }).toEqual({ status: 200, attributes: { department: 'none' } });
      expect((await app.visitor().signIn('mallory')).status).toBe(200);
    }
    expect(app.corruptions).toEqual([]);
  });
});
