import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, PASSWORD, type RunningApp } from '../test-support/running-app.ts';

const FAILURES = 3;

describe.each(ENGINES)('%s', (engine) => {
  let app: RunningApp;
  beforeAll(async () => {
    // With a clock that stands still, so that no delay ends meanwhile.
    const now = Date.now();
    app = await runAppOn(engine, { SIGN_IN_LIMIT_ACCOUNT: String(FAILURES) }, { limitsNow: () => now });
  });
  afterAll(() => app.close());

  async function signedIn(username: string) {
    const userId = await addUser(app.accounts, { username });
    const browser = app.visitor();
    await browser.signIn(username);
    const change = (email: string, currentPassword = PASSWORD) => browser.mutate('account.changeEmail', { email, currentPassword });
    return { userId, browser, change };
  }

  test('the right password changes the address, which every session of the user shows with its next request', async () => {
    const { userId, change } = await signedIn('mover');
    const other = app.visitor();
    await other.signIn('mover');
    expect(await change('moved@example.org')).toMatchObject({ status: 200, data: { email: 'moved@example.org' } });
    expect((await other.query('auth.me')).data.user.email).toBe('moved@example.org');
    expect((await app.visitor().signIn('moved@example.org')).status).toBe(200);
    const { events } = await app.accounts.listAudit({ userId, kind: 'email_changed', limit: 5 });
    expect(events).toMatchObject([{ actorKind: 'self', actorId: userId, handle: null, detail: null }]);
  });

  test('a wrong password, an invalid address and one that is taken are messages at their fields', async () => {
    const { browser, change } = await signedIn('wrong');
    expect((await change('new@example.org', 'not this one')).error?.data).toMatchObject({
      reason: 'WRONG_PASSWORD',
      fields: { currentPassword: [expect.any(String)] },
    });
    expect((await change('nothing')).error?.data).toMatchObject({ reason: 'INVALID_INPUT', fields: { email: [expect.any(String)] } });
    expect((await change('ROOT@example.org')).error?.data).toMatchObject({
      reason: 'INVALID_INPUT',
      fields: { email: ['There is an account with this e-mail address.'] },
    });
    expect((await browser.query('auth.me')).data.user.email).toBe('wrong@example.org');
    const input = { email: 'new@example.org', currentPassword: PASSWORD };
    expect((await browser.mutate('account.changeEmail', input, {})).error?.data.reason).toBe('AJAX_REQUIRED');
    expect((await app.visitor().mutate('account.changeEmail', input)).error?.data.reason).toBe('SIGN_IN_REQUIRED');
  });

  test('trying out which addresses have an account is slowed down, also with the right password', async () => {
    const { change } = await signedIn('guesser');
    // A change that is made costs nothing.
    for (let count = 0; count <= FAILURES; count += 1) expect((await change(`guesser${count}@example.org`)).status).toBe(200);
    for (let count = 0; count < FAILURES; count += 1) expect((await change('root@example.org')).error?.data.reason).toBe('INVALID_INPUT');
    const refused = await change('ada@example.org');
    expect(refused.error?.data).toMatchObject({ reason: 'TOO_MANY_ATTEMPTS', retryAfterSeconds: expect.any(Number) });
    expect((await change('free@example.org')).error?.data.reason).toBe('TOO_MANY_ATTEMPTS');
    // Signing in has its own limit.
    expect((await app.visitor().signIn('guesser')).status).toBe(200);
  });
});
