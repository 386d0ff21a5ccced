import { defaultAttributes, meSchema } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { decodeMe, isWireMe } from './decode-me.ts';
import type { WireMe } from './me-query.ts';

const wire: WireMe = {
  user: {
    id: 'u1',
    username: 'ada',
    email: 'ada@example.com',
    name: 'Ada',
    role: 'user',
    status: 'active',
    attributes: defaultAttributes(),
  },
  session: {
    handle: 'ses_1',
    loginTime: '2026-01-01T08:00:00.000Z',
    lastActivity: '2026-01-01T09:00:00.000Z',
    expires: '2026-01-01T10:00:00.000Z',
    absoluteExpires: '2026-01-02T08:00:00.000Z',
    untilBrowserCloses: false,
    freshUntil: '2026-01-01T08:15:00.000Z',
  },
  serverNow: '2026-01-01T09:00:01.000Z',
};

test.each([wire, { ...wire, session: { ...wire.session, freshUntil: null } }])(
  'decoding gives what the schema of the contract gives',
  (me) => {
    expect(decodeMe(me)).toEqual(meSchema.parse(me));
  },
);

test.each([
  null,
  'me',
  {},
  { ...wire, user: { ...wire.user, id: 1 } },
  { ...wire, user: { ...wire.user, name: undefined } },
  { ...wire, session: undefined },
  { ...wire, serverNow: 'now' },
  { ...wire, session: { ...wire.session, expires: 'later' } },
])('a value that is something else is recognized: %j', (value) => {
  expect(meSchema.safeParse(value).success).toBe(false);
  expect(isWireMe(value)).toBe(false);
});

test('a result of auth.me is recognized', () => {
  expect(isWireMe(wire)).toBe(true);
});
