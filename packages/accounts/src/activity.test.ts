import { expect, test } from 'vitest';
import { temporaryAccounts } from '../test-support/temporary-accounts.ts';

const by = { kind: 'self', id: 'a', ip: '::1', userAgent: 'Firefox' } as const;
const event = { kind: 'signed_in', detail: { method: 'password' }, by, handle: 'ses_1' } as const;

test("a user's own activity, newest first", async () => {
  const { accounts } = await temporaryAccounts();
  for (const day of [1, 3, 2]) await accounts.recordActivity({ ...event, userId: 'a', at: new Date(2030, 0, day) });
  await accounts.recordActivity({ ...event, userId: 'b', at: new Date(2030, 0, 4) });
  await accounts.recordActivity({ ...event, userId: null, kind: 'sign_in_failed', detail: undefined, at: new Date() });
  const recent = await accounts.recentActivity('a', { limit: 2 });
  const { by: _, detail: __, ...shown } = { ...event, ip: '::1', userAgent: 'Firefox' };
  expect(recent).toEqual([3, 2].map((day) => ({ id: expect.any(String), at: new Date(2030, 0, day), ...shown })));
});

test('values from the client are shortened and cannot break a log line or a terminal', async () => {
  const { accounts } = await temporaryAccounts();
  const userAgent = `\u001b[2J\r\nfake line\0 \u202egnp.exe\u200b ${'🦊'.repeat(300)}`;
  await accounts.recordActivity({ ...event, userId: 'a', at: new Date(), by: { ...by, userAgent, ip: 'x'.repeat(1000) } });
  const [stored] = await accounts.recentActivity('a', { limit: 1 });
  expect(stored?.userAgent).toMatch(/^\[2Jfake line gnp\.exe 🦊/u);
  expect(stored?.userAgent?.length).toBeLessThanOrEqual(255);
  expect(stored?.userAgent?.isWellFormed()).toBe(true);
  expect(stored?.ip).toHaveLength(64);
});

test('security W-05: an invalid user id lists nothing', async () => {
  const { accounts } = await temporaryAccounts();
  await accounts.recordActivity({ ...event, userId: 'a', at: new Date() });
  for (const bad of [undefined, '', { not: '' }] as string[])
    await expect(accounts.recentActivity(bad, { limit: 5 })).rejects.toBeInstanceOf(TypeError);
});
