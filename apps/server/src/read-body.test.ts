import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addUser, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX, type Visitor } from '../test-support/visitor.ts';

let app: RunningApp;
const lines: string[] = [];
beforeAll(async () => {
  app = await runApp({ LOG_LEVEL: 'info' }, { logTo: { write: (line) => void lines.push(line) } });
});
afterAll(() => app.close());

const BODY = JSON.stringify({ name: 'Written too late' });

/** Starts a profile update, and sends only the beginning of its body once the server has received the headers. */
async function startUpdate(browser: Visitor) {
  const call = request(`${app.url}/trpc/account.updateProfile`, {
    method: 'POST',
    agent: false,
    headers: {
      ...AJAX,
      'content-type': 'application/json',
      'content-length': BODY.length,
      cookie: browser.cookie ?? '',
      expect: '100-continue',
    },
  });
  call.on('error', () => undefined);
  call.flushHeaders();
  await once(call, 'continue');
  call.write(BODY.slice(0, 9));
  return call;
}

describe('security 4, semantics 28: a body that arrives after its session was ended changes nothing', () => {
  test.each<[string, (browser: Visitor, userId: string) => Promise<unknown>]>([
    ['signed out', (browser) => browser.mutate('auth.logout')],
    ['revoked', (_, userId) => app.engine.destroyByUser(userId)],
    ['suspended', (_, userId) => app.accounts.setStatus(userId, 'suspended')],
  ])('%s', async (how, end) => {
    const username = how.replace(' ', '-');
    const userId = await addUser(app.accounts, { username });
    const browser = app.visitor();
    await browser.signIn(username);
    const call = await startUpdate(browser);
    await end(browser, userId);
    const answered = once(call, 'response') as Promise<[IncomingMessage]>;
    call.end(BODY.slice(9));
    const [answer] = await answered;
    expect(answer.resume().statusCode).toBe(401);
    expect((await app.accounts.findUserById(userId))?.name).toBe(username);
  });
});

test('W-36: a client that disconnects while sending its body is not a server error', async () => {
  const browser = app.visitor();
  await browser.signIn();
  lines.length = 0;
  (await startUpdate(browser)).destroy();
  await vi.waitFor(() => expect(lines.join('')).toContain('/trpc/account.updateProfile'), { timeout: 20_000 });
  expect(lines.join('')).not.toMatch(/"level":[56]0/);
  expect((await browser.query('auth.me')).data.user.name).not.toBe('Written too late');
});
