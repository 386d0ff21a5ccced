import type { SessionUser } from '@gatehouse/contract';
import type { OpenOptions } from '@gatehouse/prisma';
import { sampleSession, temporaryDatabase } from '@gatehouse/prisma/testing';
import { createAccounts, type AccountsOptions, type NewUser } from '../src/index.ts';

/** The cheapest argon2id there is: what is tested is not how slow it is. */
export const CHEAP = { memoryKib: 8, passes: 1 };

/** Accounts in a database of the running test's own. */
export async function temporaryAccounts({ onQuery, ...options }: Omit<AccountsOptions, 'database'> & OpenOptions = {}) {
  const database = await temporaryDatabase({ ...(onQuery && { onQuery }) });
  const accounts = createAccounts({ database, hashing: CHEAP, ...options });

  return {
    database,
    accounts,
    /** A user who can sign in with PASSWORD. */
    user: async (input: Partial<NewUser> = {}): Promise<SessionUser> => {
      const outcome = await accounts.createUser({ ...ALICE, ...input });
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
      return outcome.user;
    },
    /** Live sessions of a user; their keys. */
    sessions: async (userId: string, count: number): Promise<string[]> => {
      const { credentialEpoch } = await database.prisma.user.findUniqueOrThrow({ where: { id: userId } });
      const rows = Array.from({ length: count }, () => ({ ...sampleSession(userId), credentialEpoch }));
      await database.prisma.session.createMany({ data: rows });
      return rows.map(({ key }) => key);
    },
  };
}

export const PASSWORD = 'seven green umbrellas';

export const ALICE: NewUser = { username: 'alice', email: 'alice@example.com', name: 'Alice Liddell', role: 'user', password: PASSWORD };
