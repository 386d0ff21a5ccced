import { demoFields } from '@gatehouse/accounts';
import { gatehouseRouter } from '@gatehouse/api';
import { DATABASES, type EmptyDatabase } from '@gatehouse/prisma/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX, type Visitor } from '../test-support/visitor.ts';

/** Values that some database rejects, changes or compares wrongly. */
const HOSTILE: readonly unknown[] = [
  'a\0b',
  '\ud800',
  '\udc00x',
  'x'.repeat(65),
  'x'.repeat(5000),
  '\u{1f600}'.repeat(100),
  "' OR ''='",
  '%_\\',
  'ada ',
  '',
  -1,
  2 ** 31,
  2 ** 53,
  1e308,
  null,
  ['ada'],
  {},
];

/** Dates and ids in valid formats, but out of the range of a column. */
const MOMENTS = [
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T00:00:00.123456789Z',
  'now',
  8.64e15,
];

const DATES = new Set(['at', 'since', 'until', 'signedInSince', 'signedInBefore', 'activeSince']);

/** Each procedure with an input, and a valid input. The ids do not exist, so nothing changes. */
const INPUTS: Readonly<Record<string, Record<string, unknown>>> = {
  'auth.login': { identifier: 'nobody', password: PASSWORD, remember: true },
  'auth.reauthenticate': { password: PASSWORD },
  'account.changePassword': { currentPassword: 'not this one', newPassword: 'another battery staple' },
  'account.changeEmail': { email: 'ada@example.org', currentPassword: 'not this one' },
  'account.updateProfile': { name: 'Grace Hopper', attributes: { department: 'Sales', phone: '1', about: 'Hello', newsletter: true } },
  'sessions.get': { handle: 'ses_none' },
  'sessions.search': { text: 'firefox', sort: 'lastActivity', descending: true, page: 1, pageSize: 25 },
  'sessions.revokeMany': { handles: ['ses_none', 'ses_other'] },
  'sessions.list': { limit: 5, cursor: '1767225600000.ses_none' },
  'sessions.revoke': { handle: 'ses_none' },
  'admin.audit': {
    userId: 'none',
    actorId: 'none',
    kind: 'signed_in',
    kinds: ['signed_in'],
    since: '2026-01-01T00:00:00Z',
    until: '2027-01-01T00:00:00Z',
    ip: '192.0.2.1',
    handle: 'ses_none',
    cursor: { at: '2026-01-01T00:00:00Z', id: 'none' },
  },
  'admin.users.search': { text: 'nobody', role: 'user', status: 'active', signedIn: true, sort: 'name', descending: true, limit: 5 },
  'admin.users.create': { username: 'ada', email: 'taken@example.org', name: 'Taken', role: 'user', attributes: { desk: 1 } },
  'admin.users.update': { userId: 'none', name: 'Nobody', email: 'nobody@example.org', role: 'user', attributes: { desk: 1 } },
  'admin.users.setTemporaryPassword': { userId: 'none' },
  'admin.users.suspendMany': { userIds: ['none'] },
  'admin.users.endSessionsMany': { userIds: ['none'] },
  'admin.users.list': { cursor: 'ada' },
  'admin.users.get': { userId: 'none' },
  'admin.users.find': { identifier: 'nobody' },
  'admin.users.setRole': { userId: 'none', role: 'user' },
  'admin.users.setStatus': { userId: 'none', status: 'active' },
  'admin.users.delete': { userId: 'none' },
  'admin.users.unlock': { userId: 'none' },
  'admin.users.sessions': { userId: 'none', limit: 5, cursor: '1767225600000.ses_none' },
  'admin.users.revokeSessions': { userId: 'none' },
  'admin.sessions.revoke': { handle: 'ses_none' },
  'admin.sessions.get': { handle: 'ses_none' },
  'admin.sessions.revokeMany': { handles: ['ses_none'] },
  'admin.sessions.list': {
    userId: 'none',
    text: 'nobody',
    ip: '192.0.2',
    userAgent: 'firefox',
    signedInSince: '2026-01-01T00:00:00Z',
    signedInBefore: '2027-01-01T00:00:00Z',
    activeSince: '2026-01-01T00:00:00Z',
    anonymous: false,
    limit: 5,
  },
};

interface Procedure {
  readonly _def: { readonly type: 'query' | 'mutation'; readonly inputs: readonly unknown[] };
}
const procedures = Object.entries(gatehouseRouter._def.procedures as unknown as Record<string, Procedure>);

test('INPUTS has every procedure with an input', () => {
  const taking = procedures.filter(([, { _def }]) => _def.inputs.length > 0).map(([path]) => path);
  expect(taking.toSorted()).toEqual(Object.keys(INPUTS).toSorted());
});

/** The input with one field, at any depth, replaced by each hostile value. */
function* variants(input: Record<string, unknown>): Generator<Record<string, unknown>> {
  for (const [field, value] of Object.entries(input)) {
    for (const hostile of DATES.has(field) ? [...HOSTILE, ...MOMENTS] : HOSTILE) yield { ...input, [field]: hostile };
    if (typeof value === 'object' && value !== null)
      for (const inner of variants(value as Record<string, unknown>)) yield { ...input, [field]: inner };
  }
}

// Input is refused or matches nothing, on every database. It never causes a 5xx.
describe.each(DATABASES)('$name', (on) => {
  describe.skipIf(!on.available)('hostile values', () => {
    let database: EmptyDatabase;
    let app: RunningApp;
    let admin: Visitor;
    beforeAll(async () => {
      database = await on.create();
      // The test makes thousands of sign-in attempts.
      app = await runApp(
        { DATABASE_URL: database.url, SIGN_IN_LIMIT_ADDRESS: '0', SIGN_IN_LIMIT_ACCOUNT: '0' },
        { attributes: demoFields },
      );
      admin = app.visitor();
      await admin.signIn('root');
    });
    afterAll(async () => {
      await app.close();
      await database.drop();
    });

    test.each(procedures.filter(([path]) => path in INPUTS))('%s answers none of them with a 5xx', async (path, { _def }) => {
      const answers: [number, string][] = [];
      for (const input of variants(INPUTS[path] ?? {})) {
        // Sign-in is called without a session.
        const browser = path === 'auth.login' ? app.visitor() : admin;
        const { status } = await (_def.type === 'query' ? browser.query(path, input) : browser.mutate(path, input));
        if (status >= 500) answers.push([status, JSON.stringify(input).slice(0, 200)]);
      }
      expect(answers).toEqual([]);
      expect((await admin.query('auth.me')).status).toBe(200);
    });

    test('hostile headers and cookies do not cause a 5xx', async () => {
      const headers = [
        { 'user-agent': 'x'.repeat(5000) },
        { 'user-agent': 'M\u00ff\u0085\u0080' },
        { cookie: 'sessionid=s%3Aa%00b.c' },
        { cookie: `sessionid=s%3A${'x'.repeat(4000)}.c` },
      ];
      for (const header of headers)
        expect((await app.visitor().mutate('auth.login', { identifier: 'ada', password: PASSWORD }, { ...AJAX, ...header })).status).toBe(
          200,
        );
    });
  });
});
