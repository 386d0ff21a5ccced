import { expect, test } from 'vitest';
import { PASSWORD, temporaryAccounts } from '../test-support/temporary-accounts.ts';
import type { Accounts } from './index.ts';

const NEW = 'eleven blue bicycles';

/** Sessions of one user in another storage. Each call can be made to fail by name. */
function externalSessions() {
  const there = {
    live: 3,
    failing: new Set<string>(),
    marks: new Set<string>(),
    /** The epoch that the kept session was given last. */
    epoch: undefined as number | undefined,
    /** The calls, in order. */
    calls: [] as string[],
    onEnd: (): void => undefined,
  };
  function reach(call: string): void {
    there.calls.push(call);
    if (there.failing.has(call)) throw new Error('They cannot be reached.');
  }
  const sessions = {
    async destroyByUser(_userId: string, { exceptHandle, exceptEpoch }: { exceptHandle?: string; exceptEpoch?: number } = {}) {
      reach('destroyByUser');
      const kept = exceptHandle === undefined || there.live === 0 ? 0 : 1;
      const ended = there.live - kept;
      there.live = kept;
      if (kept > 0) there.epoch = exceptEpoch;
      there.onEnd();
      return ended;
    },
    async beginUserChange(userId: string) {
      reach('beginUserChange');
      const token = `${userId} ${there.calls.length}`;
      there.marks.add(token);
      return token;
    },
    async endUserChange(_userId: string, token: string) {
      reach('endUserChange');
      there.marks.delete(token);
    },
    async userChanged() {
      reach('userChanged');
    },
  };
  return { there, sessions };
}

/** Records the calls to the sessions, and the commit of the change in between. */
async function accountsWithCalls() {
  const { there, sessions } = externalSessions();
  const fixture = await temporaryAccounts({
    sessions,
    onQuery(sql) {
      if (/^COMMIT/i.test(sql)) there.calls.push('COMMIT');
    },
  });
  const { id } = await fixture.user();
  there.calls.length = 0;
  return { ...fixture, there, id };
}

const ANNOUNCED = ['beginUserChange', 'COMMIT', 'userChanged', 'endUserChange'];
const ENDING = ['beginUserChange', 'destroyByUser', 'COMMIT', 'userChanged', 'destroyByUser', 'endUserChange'];

const CHANGES: [string, string[], (accounts: Accounts, id: string) => Promise<unknown>][] = [
  ['the profile', ANNOUNCED, (accounts, id) => accounts.updateProfile(id, { name: 'Alice' })],
  ['attributes', ANNOUNCED, (accounts, id) => accounts.updateAttributes(id, {})],
  ['the role', ANNOUNCED, (accounts, id) => accounts.setRole(id, 'admin')],
  ['the status: active', ANNOUNCED, (accounts, id) => accounts.setStatus(id, 'active')],
  ['the status: suspended', ENDING, (accounts, id) => accounts.setStatus(id, 'suspended')],
  ['the password', ENDING, (accounts, id) => accounts.changePassword(id, NEW)],
  ['the account: deleted', ENDING, (accounts, id) => accounts.deleteUser(id)],
];

test.each(CHANGES)(
  'a change of %s is marked before it is committed, and the mark is removed after the copies are invalidated',
  async (_what, calls, change) => {
    const { accounts, there, id } = await accountsWithCalls();
    await change(accounts, id);
    expect(there.calls).toEqual(calls);
    expect(there.marks.size).toBe(0);
  },
);

test.each(CHANGES)('if the sessions are unavailable, nothing is changed: %s', async (_what, _calls, change) => {
  const { accounts, there, id, database } = await accountsWithCalls();
  const state = () => Promise.all([database.prisma.user.findMany(), database.prisma.activity.count()]);
  const before = await state();
  there.failing.add('beginUserChange');
  await expect(change(accounts, id)).rejects.toThrow('cannot be reached');
  expect(await state()).toEqual(before);
  expect(there.calls).toEqual(['beginUserChange']);
});

test('security 6: if the other sessions cannot be ended, the password is not changed, so that a retry can end them', async () => {
  const { accounts, there, id } = await accountsWithCalls();
  there.failing.add('destroyByUser');
  const change = () => accounts.changePassword(id, NEW, { exceptHandle: 'mine', ifCredentialEpoch: 0 });
  await expect(change()).rejects.toThrow('cannot be reached');
  expect(await accounts.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: true, credentialEpoch: 0 });
  there.failing.clear();
  expect(await change()).toEqual({ ok: true, ended: 2, credentialEpoch: 1 });
  expect(there).toMatchObject({ live: 1, epoch: 1 });
});

test('a refused password ends no sessions and sets no mark', async () => {
  const { accounts, there, id } = await accountsWithCalls();
  expect(await accounts.changePassword(id, 'password')).toMatchObject({ ok: false });
  expect(there).toMatchObject({ live: 3, calls: [] });
});

test('security 5: if the sessions cannot be ended, the account is not suspended or deleted, and a retry works', async () => {
  const { accounts, database, there, id } = await accountsWithCalls();
  there.failing.add('destroyByUser');
  await expect(accounts.setStatus(id, 'suspended')).rejects.toThrow('cannot be reached');
  await expect(accounts.deleteUser(id)).rejects.toThrow('cannot be reached');
  expect(await accounts.findUserById(id)).toMatchObject({ status: 'active' });
  there.failing.clear();
  expect(await accounts.setStatus(id, 'suspended')).toMatchObject({ ended: 3 });
  there.live = 1;
  expect(await accounts.deleteUser(id)).toEqual({ ended: 1 });
  const details = (await database.prisma.activity.findMany({ where: { userId: id } })).map(({ kind, detail }) => `${kind} ${detail}`);
  expect(details).toEqual(expect.arrayContaining(['suspended {"ended":3}', 'user_deleted {"username":"alice","ended":1}']));
});

test('security 6: a session that is created while the password is being changed is ended too', async () => {
  const { accounts, there, id } = await accountsWithCalls();
  there.onEnd = () => {
    there.onEnd = () => undefined;
    there.live += 1;
  };
  expect(await accounts.changePassword(id, NEW)).toMatchObject({ ended: 4 });
  expect(there.live).toBe(0);
});

test('if the change fails, the kept session gets its previous epoch back', async () => {
  const { accounts, there, id, database } = await accountsWithCalls();
  await database.prisma.user.updateMany({ data: { credentialEpoch: 7 } });
  const change = accounts.changePassword(id, NEW, { exceptHandle: 'mine', ifCredentialEpoch: 6 });
  await expect(change).rejects.toMatchObject({ code: 'CREDENTIALS_CHANGED' });
  expect(there).toMatchObject({ live: 1, epoch: 6, marks: new Set() });
  expect(await accounts.changePassword(id, NEW, { exceptHandle: 'mine' })).toMatchObject({ credentialEpoch: 8 });
  expect(there).toMatchObject({ live: 1, epoch: 8 });
});

test.each([
  ['userChanged', 'the copies are still in use', (accounts: Accounts, id: string) => accounts.setRole(id, 'admin')],
  ['endUserChange', 'the change is done', (accounts: Accounts, id: string) => accounts.setRole(id, 'admin')],
])('the mark stays while %s fails, and is removed in the background once it succeeds: %s', async (call, _state, change) => {
  const { accounts, there, id } = await accountsWithCalls();
  there.failing.add(call);
  const outcome = change(accounts, id);
  if (call === 'userChanged') await expect(outcome).rejects.toThrow('cannot be reached');
  else expect(await outcome).toMatchObject({ role: 'admin' });
  expect(await accounts.findUserById(id)).toMatchObject({ role: 'admin' });
  expect(there.marks.size).toBe(1);
  there.failing.clear();
  await expect.poll(() => there.marks.size).toBe(0);
  expect(there.calls.slice(-2)).toEqual(call === 'userChanged' ? ['userChanged', 'endUserChange'] : ['endUserChange', 'endUserChange']);
});

test('after a commit with an unknown outcome the mark stays, because the database may still apply the change', async () => {
  const { there, sessions } = externalSessions();
  let isLost = false;
  const { accounts, user, database } = await temporaryAccounts({
    sessions,
    onQuery(sql) {
      if (isLost && /^COMMIT/i.test(sql)) throw Object.assign(new Error('The connection was lost.'), { code: 'P1017' });
    },
  });
  const { id } = await user();
  isLost = true;
  await expect(accounts.setRole(id, 'admin')).rejects.toThrow();
  isLost = false;
  expect(there.calls).toEqual(['beginUserChange']);
  expect(there.marks.size).toBe(1);
  expect(await database.prisma.user.count()).toBe(1);
});

test('of two concurrent changes each removes its own mark, whether it succeeds or fails', async () => {
  const { accounts, there, id } = await accountsWithCalls();
  const change = (password: string) => accounts.changePassword(id, password, { ifCredentialEpoch: 0 });
  const outcomes = await Promise.allSettled([change(NEW), change('twelve green bicycles')]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(there.live).toBe(0);
  expect(there.marks.size).toBe(0);
});
