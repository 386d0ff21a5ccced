import { storedAttributes, roleSchema, type SessionUser } from '@gatehouse/contract';
import { randomUUID } from 'node:crypto';
import { LIFETIMES, type EngineFixture, type TestAccounts } from '../conformance/engine-fixture.ts';
import { createMemoryEngine } from '../engines/memory/memory-engine.ts';
import { createMemoryStorage } from '../engines/memory/memory-storage.ts';
import { UnreadableUserError, type UserSource } from '../user-source.ts';
import { announcedAccounts } from './announced-accounts.ts';
import { createTestClock } from './test-clock.ts';
import { recordEvents } from './engine-events.ts';

interface Account {
  user: SessionUser;
  credentialEpoch: number;
}

/** An app's own users, in a Map. */
export function memoryUsers(): { accounts: TestAccounts; users: UserSource } {
  const stored = new Map<string, Account>();
  const change = (id: string, user: Partial<SessionUser>): void => {
    const account = stored.get(id);
    if (account) account.user = { ...account.user, ...user };
  };
  const raise = (id: string): number => {
    const account = stored.get(id);
    return account ? (account.credentialEpoch += 1) : 0;
  };
  const users: UserSource = {
    async find(userId) {
      const account = stored.get(userId);
      if (account?.user.status !== 'active') return undefined;
      if (!roleSchema.safeParse(account.user.role).success) throw new UnreadableUserError(`The account ${userId} has an unknown role.`);
      return structuredClone(account);
    },
  };
  const accounts: TestAccounts = {
    async create() {
      const id = randomUUID();
      const user: SessionUser = {
        id,
        username: `user-${id}`,
        email: `${id}@example.org`,
        name: 'A User',
        role: 'user',
        status: 'active',
        attributes: storedAttributes({}),
      };
      stored.set(id, { user, credentialEpoch: 0 });
      return { user, credentialEpoch: 0 };
    },
    rename: async (id, name) => change(id, { name }),
    setRole: async (id, role) => change(id, { role }),
    storeAttributes: async (id, text) => change(id, { attributes: storedAttributes(text) }),
    async suspend(id) {
      raise(id);
      change(id, { status: 'suspended' });
    },
    reactivate: async (id) => change(id, { status: 'active' }),
    raiseEpoch: async (id) => raise(id),
    remove: async (id) => void stored.delete(id),
  };
  return { accounts, users };
}

/** The `memory` engine. Another process is another engine on the same storage; requests are counted by method. */
export async function openMemoryFixture(): Promise<EngineFixture> {
  const storage = createMemoryStorage();
  const { accounts: source, users } = memoryUsers();
  const clock = createTestClock();
  const { events, hooks } = recordEvents();
  let writes = 0;

  const open: EngineFixture['open'] = async ({ limitPerUser, ...lifetimes } = {}) =>
    createMemoryEngine(
      {
        users,
        lifetimes: { ...LIFETIMES, ...lifetimes },
        now: clock.now,
        limitPerUser,
        ...hooks,
      },
      storage,
    );

  const { set } = storage.entries;
  storage.entries.set = (...args) => {
    writes += 1;
    return set.apply(storage.entries, args);
  };

  return {
    clock,
    source,
    accounts: announcedAccounts(source, await open()),
    open,
    ...events,
    async count(work) {
      writes = 0;
      await work();
      return { requests: 1, writes };
    },
    dump: async () => JSON.stringify([...storage.entries.values()]),
    async corrupt(handle) {
      const entry = storage.entries.get(handle);
      if (entry) storage.entries.set(handle, { ...entry, record: { ...entry.record, data: 'half' as never } });
    },
    damageUserCopy: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
  };
}
