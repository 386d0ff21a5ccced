import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { expectUnavailable, timed } from '../test-support/expect-unavailable.ts';
import { REQUESTS } from '../test-support/fault-figures.ts';
import { PASSWORD, type RunningApp } from '../test-support/running-app.ts';

describe.each(ENGINES)('while an account is being changed: SESSION_ENGINE=%s', (engine) => {
  let app: RunningApp;
  let ada: string;
  beforeAll(async () => {
    app = await runAppOn(engine);
    ada = (await app.accounts.findUser('ada'))?.id ?? '';
  });
  afterAll(() => app.close());

  test('semantics 38: a session that comes to be meanwhile is no more there once the credentials are others, though nobody ends it', async () => {
    const [browser, meanwhile] = [app.visitor(), app.visitor()];
    expect((await browser.signIn()).status).toBe(200);
    await using other = await app.elsewhere();
    await other.engine.bar(ada, { owner: 'a change', forMs: 10_000 });
    await other.engine.destroyByUser(ada);
    const signIn = await meanwhile.signIn();
    // Read, and so copied where there are copies.
    if (signIn.status === 200) expect((await meanwhile.query('auth.me')).status).toBe(200);
    await app.database.prisma.user.update({ where: { id: ada }, data: { credentialEpoch: { increment: 1 } } });
    expect((await meanwhile.query('auth.me')).status).toBe(401);
    expect((await browser.query('auth.me')).status).toBe(401);
    await other.engine.bar(ada, { owner: 'a change', forMs: 0 });
    expect((await meanwhile.signIn()).status).toBe(200);
  });

  test('who is signed in goes on under another id meanwhile, unless the session was ended', async () => {
    const [kept, ended] = [app.visitor(), app.visitor()];
    for (const browser of [kept, ended]) expect((await browser.signIn()).status).toBe(200);
    await using other = await app.elsewhere();
    const exceptHandle: string = (await kept.query('auth.me')).data.session.handle;
    const exceptKey = (await app.engine.findByHandle(exceptHandle))?.record.key ?? '';
    await other.engine.bar(ada, { owner: 'a change', forMs: 10_000 });
    await other.engine.destroyByUser(ada, { exceptKey });
    expect((await kept.mutate('auth.reauthenticate', { password: PASSWORD })).status).toBe(200);
    expect((await ended.mutate('auth.reauthenticate', { password: PASSWORD })).status).toBe(401);
    await other.engine.bar(ada, { owner: 'a change', forMs: 0 });
    expect((await app.engine.listByUser(ada)).sessions).toHaveLength(1);
  });

  test.skipIf(engine !== 'redis')(
    'where a sign-in has to wait it is told so, others go on, and a bar ends with the last of those who set it',
    async () => {
      const bar = (owner: string, forMs: number) => app.engine.bar(ada, { owner, forMs });
      await app.engine.destroyByUser(ada);
      await bar('one', 10_000);
      await bar('another', 10_000);
      expectUnavailable(await timed(REQUESTS.signIn(app.visitor())));
      expect((await app.engine.listByUser(ada)).sessions).toHaveLength(0);
      expect((await app.visitor().signIn('root')).status).toBe(200);
      await bar('one', 0);
      expectUnavailable(await timed(REQUESTS.signIn(app.visitor())));
      await bar('another', 0);
      expect((await app.visitor().signIn()).status).toBe(200);
      await bar('one that is killed', 50);
      await expect.poll(async () => (await app.visitor().signIn()).status).toBe(200);
    },
  );
});
