import * as argon2 from '@node-rs/argon2';
import { afterAll, expect, test, vi } from 'vitest';
import { temporaryAccounts } from '../test-support/temporary-accounts.ts';

// Spies on the real implementation in this file only; other files of the same worker are not affected.
vi.hoisted(() => vi.resetModules());
afterAll(() => void vi.resetModules());
vi.mock('@node-rs/argon2', async (load) => {
  const real = await load<typeof argon2>();
  return { ...real, verify: vi.fn(real.verify) };
});

test('security 17: every failed sign-in costs one hash with the same parameters', async () => {
  const { accounts, user } = await temporaryAccounts();
  await user();
  const { id } = await user({ username: 'bob', email: 'bob@example.com', name: 'Bob' });
  await accounts.setStatus(id, 'suspended');
  const verify = vi.mocked(argon2.verify);
  const costs = new Set<string>();
  for (const identifier of ['nobody', 'alice', 'bob', 'no such@name', '']) {
    verify.mockClear();
    expect(await accounts.authenticate({ identifier, password: 'not this one' })).toEqual({
      ok: false,
      reason: 'INVALID_CREDENTIALS',
    });
    expect(verify).toHaveBeenCalledTimes(1);
    costs.add(String(verify.mock.calls[0]?.[0]).split('$').slice(0, 4).join('$'));
  }
  expect([...costs]).toEqual([expect.stringMatching(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=1$/)]);
});
