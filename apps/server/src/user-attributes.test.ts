import { sessionUserSchema, type AttributeChanges } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, type RunningApp } from '../test-support/running-app.ts';

/** As an app would declare it; here it is of this test alone. */
const attributes = { shape: { department: sessionUserSchema.shape.name.max(20).default('none') } };
const department = (name: string | undefined): AttributeChanges => Object.fromEntries([['department', name]]);

describe.each(ENGINES)('%s', (engine) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runAppOn(engine, {}, { attributes });
  });
  afterAll(() => app.close());

  test('a user’s own field is in every answer that has the user, as it is at that moment', async () => {
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

  test('what is stored and does not fit, or was never declared, fails no answer and ends no session', async () => {
    const id = await addUser(app.accounts, { username: 'mallory' });
    const browser = app.visitor();
    await browser.signIn('mallory');
    for (const stored of ['{"half', '["Sales"]', '{"department":7}', '{"department":"none","salary":1}']) {
      await app.database.prisma.user.update({ where: { id }, data: { attributes: stored } });
      // Tells the sessions elsewhere what is stored.
      await app.accounts.updateProfile(id, { name: 'Mallory' });
      const { status, data } = await browser.query('auth.me');
      expect({ status, attributes: data.user.attributes }).toEqual({ status: 200, attributes: { department: 'none' } });
      expect((await app.visitor().signIn('mallory')).status).toBe(200);
    }
    expect(app.corruptions).toEqual([]);
  });
});
