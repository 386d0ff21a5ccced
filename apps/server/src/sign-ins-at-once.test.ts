import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, type RunningApp } from '../test-support/running-app.ts';

describe.each(ENGINES)('concurrent sign-ins of one browser: SESSION_ENGINE=%s', (engine) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runAppOn(engine);
  });
  afterAll(() => app.close());

  test.each([
    ['over the session of another user', 'before', 'after'],
    ['over the session of the same user', 'same', 'same'],
  ])('%s: one succeeds, and the other gets a conflict and no cookie', async (_what, before, after) => {
    const ids = new Map<string, string>();
    for (const username of new Set([before, after])) ids.set(username, await addUser(app.accounts, { username }));
    const browser = app.visitor();
    expect((await browser.signIn(before)).status).toBe(200);
    expect((await browser.query('auth.me')).status).toBe(200);
    const tabs = [app.visitor(), app.visitor()];
    for (const tab of tabs) tab.cookie = browser.cookie;

    const answers = await Promise.all(tabs.map((tab) => tab.signIn(after)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
    const late = answers.find(({ status }) => status === 409);
    expect(late?.error?.data).toMatchObject({ code: 'CONFLICT', httpStatus: 409, reason: 'CONFLICT' });
    expect(late?.headers.getSetCookie()).toEqual([]);

    const winner = tabs[answers.findIndex(({ status }) => status === 200)];
    expect((await winner?.query('auth.me'))?.data.user.username).toBe(after);
    expect((await browser.query('auth.me')).status).toBe(401);
    const sessions = await Promise.all([...ids.values()].map(async (id) => (await app.engine.listByUser(id)).sessions.length));
    expect(sessions).toEqual(before === after ? [1] : [0, 1]);
  });
});
