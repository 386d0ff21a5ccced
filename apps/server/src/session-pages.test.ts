import { ONCE_A_REQUEST } from '@gatehouse/contract';
import { gatehouseRouter } from '@gatehouse/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

const SIGN_INS = 30;

describe.each(ENGINES)('%s', (engine) => {
  let app: RunningApp;
  let browser: Visitor;
  let userId: string;
  beforeAll(async () => {
    app = await runAppOn(engine, { SESSION_LIMIT_PER_USER: String(SIGN_INS) });
    userId = await addUser(app.accounts, { username: 'often' });
    // Two more than the limit.
    for (let count = 0; count < SIGN_INS + 2; count += 1) {
      browser = app.visitor();
      expect((await browser.signIn('often')).status).toBe(200);
    }
  });
  afterAll(() => app.close());

  test('the list of sessions has pages of 25, each session once, latest activity first', async () => {
    const first = await browser.query('sessions.list');
    expect(first.data.sessions).toHaveLength(25);
    expect(first.data.sessions[0].current).toBe(true);
    const second = await browser.query('sessions.list', { cursor: first.data.next });
    expect(second.data.next).toBe(null);
    const handles = [...first.data.sessions, ...second.data.sessions].map(({ handle }: { handle: string }) => handle);
    expect(new Set(handles).size).toBe(SIGN_INS);
    const admin = app.visitor();
    await admin.signIn('root');
    const page = await admin.query('admin.users.sessions', { userId, limit: 100 });
    expect(page.data.sessions.map(({ handle }: { handle: string }) => handle)).toEqual(handles);
  });

  test.each([
    { limit: 0 },
    { limit: 101 },
    { limit: 1.5 },
    { limit: '25' },
    { cursor: 'x' },
    { cursor: '' },
    { cursor: '9'.repeat(15) + '.ses_x' },
    { cursor: "1.' OR 1=1 --" },
    { cursor: {} },
  ])('%j is a 4xx', async (input) => {
    const { status, error } = await browser.query('sessions.list', input);
    expect(status).toBe(400);
    expect(error?.data).toMatchObject({
      code: 'BAD_REQUEST',
      reason: 'INVALID_INPUT',
      fields: { [Object.keys(input)[0] ?? '']: [expect.any(String)] },
    });
  });

  test('a sign-in over the limit ends the oldest session, and the user’s activity says why', async () => {
    const { events } = await app.accounts.listAudit({ userId, kind: 'session_evicted', limit: 10 });
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ actorKind: 'system', reason: 'session_limit', handle: expect.stringMatching(/^ses_/) });
    const before = app.visitor();
    await before.signIn('ada');
    for (let count = 0; count < SIGN_INS; count += 1) await app.visitor().signIn('ada');
    expect((await before.query('auth.me')).error?.data.reason).toBe('SESSION_ENDED');
  });

  test('the export has the sessions of all pages', async () => {
    const response = await browser.fetch('/account/export');
    expect(response.headers.get('content-type')).toContain('application/json');
    const { account, sessions, activity } = (await response.json()) as {
      account: unknown;
      sessions: { handle: string; current: boolean }[];
      activity: unknown[];
    };
    expect(account).toMatchObject({ username: 'often' });
    expect(new Set(sessions.map(({ handle }) => handle)).size).toBe(SIGN_INS);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(activity.length).toBeGreaterThan(SIGN_INS);
  });

  test('expensive queries run once per batch; the other calls of the batch are answered', async () => {
    const paths = ['sessions.list', 'auth.me', 'sessions.list', 'account.recentActivity', 'sessions.list'];
    const response = await browser.fetch(`/trpc/${paths.join(',')}?batch=1&input=%7B%7D`);
    const answers = (await response.json()) as { result?: unknown; error?: { data: object } }[];
    expect(answers.map(({ result }) => result !== undefined)).toEqual([true, true, false, true, false]);
    expect(answers[2]?.error?.data).toMatchObject({
      code: 'BAD_REQUEST',
      httpStatus: 400,
      reason: 'ONCE_A_REQUEST',
      path: 'sessions.list',
      fields: { '': [expect.stringContaining('sessions.list')] },
    });
  });
});

test('the procedures that run once per request exist in the router, and are refused the second time', async () => {
  const app = await runAppOn('db');
  try {
    const admin = app.visitor();
    await admin.signIn('root');
    for (const path of ONCE_A_REQUEST) {
      expect(Object.keys(gatehouseRouter._def.procedures)).toContain(path);
      const input = JSON.stringify({ 0: { userId: 'x' }, 1: { userId: 'x' } });
      const response = await admin.fetch(`/trpc/${path},${path}?batch=1&input=${encodeURIComponent(input)}`);
      const [once, again] = (await response.json()) as { result?: unknown; error?: { data: { reason: string } } }[];
      expect({ path, once: once?.error, again: again?.error?.data.reason }).toEqual({ path, once: undefined, again: 'ONCE_A_REQUEST' });
    }
  } finally {
    await app.close();
  }
});
