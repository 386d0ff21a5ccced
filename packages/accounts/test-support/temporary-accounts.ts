import type { SessionUser } from '@gatehouse/contract';
import { deleteSome, openDatabase, sql, type Database, type OpenOptions } from '@gatehouse/prisma';
import { migratedDatabase, sampleSession, temporaryDatabase, type EmptyDatabase, type TestDatabase } from '@gatehouse/prisma/testing';
import { afterAll, onTestFinished } from 'vitest';
import { createAccounts, type AccountsOptions, type NewUser } from '../src/index.ts';

/** The cheapest argon2id parameters, so that tests are fast. */
export const CHEAP = { memoryKib: 8, passes: 1 };

/** Rows per INSERT. */
const CHUNK = 500;

interface Server {
  readonly on: TestDatabase;
  database: Promise<EmptyDatabase> | undefined;
}

let server: Server | undefined;

/** Makes the following tests of this file share one database of a server, emptied before each, because creating one takes long. */
export function runOn(on: TestDatabase): void {
  const own: Server = { on, database: undefined };
  server = own;
  afterAll(async () => {
    server = undefined;
    await (await own.database)?.drop();
  });
}

async function openEmptied(options: OpenOptions): Promise<Database> {
  if (!server) return temporaryDatabase(options);
  const { url } = await (server.database ??= migratedDatabase(server.on));
  const database = await openDatabase(url, options);
  onTestFinished(() => database.close());
  // A test may leave more sessions than one statement can delete before it times out.
  const sessions = { table: sql`gatehouse_session`, key: sql`handle`, where: sql`1 = 1`, limit: CHUNK };
  while ((await deleteSome(database, sessions)) > 0);
  for (const model of [database.prisma.activity, database.prisma.hourCount, database.prisma.user] as const)
    await (model as typeof database.prisma.user).deleteMany();
  return database;
}

/** Accounts in a temporary database; see `runOn`. */
export async function temporaryAccounts({ onQuery, ...options }: Omit<AccountsOptions, 'database'> & OpenOptions = {}) {
  const database = await openEmptied(onQuery ? { onQuery } : {});
  const accounts = createAccounts({ database, hashing: CHEAP, ...options });

  return {
    database,
    accounts,
    /** Creates a user who can sign in with PASSWORD. */
    user: async (input: Partial<NewUser> = {}): Promise<SessionUser> => {
      const outcome = await accounts.createUser({ ...ALICE, ...input });
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
      return outcome.user;
    },
    /** Handles of the user's live sessions. */
    sessions: async (userId: string, count: number): Promise<string[]> => {
      const { credentialEpoch } = await database.prisma.user.findUniqueOrThrow({ where: { id: userId } });
      const rows = Array.from({ length: count }, () => ({ ...sampleSession(userId), credentialEpoch }));
      for (let from = 0; from < count; from += CHUNK) await database.prisma.session.createMany({ data: rows.slice(from, from + CHUNK) });
      return rows.map(({ handle }) => handle);
    },
  };
}

export const PASSWORD = 'seven green umbrellas';

export const ALICE: NewUser = { username: 'alice', email: 'alice@example.com', name: 'Alice Liddell', role: 'user', password: PASSWORD };
