import type { SessionUser } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { PASSWORD, temporaryAccounts } from '../test-support/temporary-accounts.ts';

const NEW = 'eleven blue bicycles';

/** Sessions somewhere else, of one user. `fails`: whether they can be reached. */
function elsewhere() {
  const there = {
    live: 3,
    fails: false,
    bars: new Set<string>(),
    said: [] as SessionUser[],
    onTold: async (_user: SessionUser): Promise<void> => undefined,
  };
  const reach = (): void => {
    if (there.fails) throw new Error('They cannot be reached.');
  };
  const sessions = {
    async destroyByUser(_userId: string, { exceptKey }: { exceptKey?: string } = {}) {
      reach();
      const kept = exceptKey === undefined || there.live === 0 ? 0 : 1;
      const ended = there.live - kept;
      there.live = kept;
      return ended;
    },
    async bar(_userId: string, { owner, forMs }: { owner: string; forMs: number }) {
      reach();
      if (forMs > 0) there.bars.add(owner);
      else there.bars.delete(owner);
    },
    async userChanged(user: SessionUser) {
      reach();
      await there.onTold(user);
      there.said.push(user);
    },
  };
  return { there, sessions };
}

test('security 6: where the other sessions cannot be ended the password stays as it was, so that the next try can end them', async () => {
  const { there, sessions } = elsewhere();
  const { accounts, user } = await temporaryAccounts({ sessions });
  const { id } = await user();
  there.fails = true;
  const change = () => accounts.changePassword(id, NEW, { exceptSessionKey: 'mine', ifCredentialEpoch: 0 });
  await expect(change()).rejects.toThrow('cannot be reached');
  expect(await accounts.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: true, credentialEpoch: 0 });
  there.fails = false;
  expect(await change()).toEqual({ ok: true, ended: 2, credentialEpoch: 1 });
  expect(there.live).toBe(1);
});

test('a refused password ends no session elsewhere', async () => {
  const { there, sessions } = elsewhere();
  const { accounts, user } = await temporaryAccounts({ sessions });
  expect(await accounts.changePassword((await user()).id, 'password')).toMatchObject({ ok: false });
  expect(there.live).toBe(3);
});

test('security 5: where the sessions cannot be ended the account is neither suspended nor deleted, and the next try does both', async () => {
  const { there, sessions } = elsewhere();
  const { accounts, user, database } = await temporaryAccounts({ sessions });
  const { id } = await user();
  there.fails = true;
  await expect(accounts.setStatus(id, 'suspended')).rejects.toThrow('cannot be reached');
  await expect(accounts.deleteUser(id)).rejects.toThrow('cannot be reached');
  expect(await accounts.findUserById(id)).toMatchObject({ status: 'active' });
  there.fails = false;
  expect(await accounts.setStatus(id, 'suspended')).toMatchObject({ ended: 3 });
  there.live = 1;
  expect(await accounts.deleteUser(id)).toEqual({ ended: 1 });
  const details = (await database.prisma.activity.findMany({ where: { userId: id } })).map(({ kind, detail }) => `${kind} ${detail}`);
  expect(details).toEqual(expect.arrayContaining(['suspended {"ended":3}', 'user_deleted {"username":"alice","ended":1}']));
});

/** Signs in with the old password at the moment in which the new one is written, if that is possible then. */
const signsInMeanwhile = (there: ReturnType<typeof elsewhere>['there'], also: () => void = () => undefined) => ({
  onQuery(sql: string) {
    if (!/^UPDATE/i.test(sql) || !/password_hash/.test(sql)) return;
    if (there.bars.size === 0) there.live += 1;
    also();
  },
});

test('security 6: nobody signs in with the old password while it is being changed, so that nobody stays whom a failing storage could not end', async () => {
  const { there, sessions } = elsewhere();
  const { accounts, user } = await temporaryAccounts({ sessions, ...signsInMeanwhile(there, () => (there.fails = true)) });
  const { id } = await user();
  await expect(accounts.changePassword(id, NEW)).rejects.toThrow('cannot be reached');
  expect(await accounts.authenticate({ identifier: 'alice', password: NEW })).toMatchObject({ ok: true });
  expect(there.live).toBe(0);
});

test('two changes at once bar sign-ins for as long as one of them lasts, and each takes its own bar away, whatever became of it', async () => {
  const { there, sessions } = elsewhere();
  const { accounts, user } = await temporaryAccounts({ sessions, ...signsInMeanwhile(there) });
  const { id } = await user();
  const change = (password: string) => accounts.changePassword(id, password, { ifCredentialEpoch: 0 });
  const outcomes = await Promise.allSettled([change(NEW), change('twelve green bicycles')]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(there.live).toBe(0);
  await expect.poll(() => there.bars.size).toBe(0);
});

test('semantics 38: whoever signs in while the password is being changed is ended as well', async () => {
  const { there, sessions } = elsewhere();
  const { accounts, user } = await temporaryAccounts({
    sessions,
    onQuery(sql) {
      if (/^UPDATE/i.test(sql) && /password_hash/.test(sql)) there.live += 1;
    },
  });
  const { id } = await user();
  expect(await accounts.changePassword(id, NEW)).toMatchObject({ ended: 4 });
  expect(there.live).toBe(0);
});

test('a demotion holds though another change of the account, made before it, is told to the sessions after it', async () => {
  const { there, sessions } = elsewhere();
  const { accounts, user } = await temporaryAccounts({ sessions });
  const { id } = await user({ role: 'admin' });
  there.onTold = async ({ role }) => {
    // What the profile's change has read of the account is on its way; meanwhile the account is demoted, and that is told.
    there.onTold = async () => undefined;
    expect(role).toBe('admin');
    await accounts.setRole(id, 'user');
  };
  await accounts.updateProfile(id, { name: 'Alice' });
  expect(there.said.at(-1)).toMatchObject({ role: 'user', name: 'Alice' });
});
