import { createAccounts } from '@gatehouse/accounts';
import type { Database } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import { storeSession, type BenchSession } from '../measuring/stored-session.ts';

/** Accounts without a usable password: these sessions are stored, not signed in to. */
const HASHING = { memoryKib: 1024, passes: 1 };

/** Stores this many sessions, each of a user of its own. */
export async function storeSessions(count: number, { database, engine, secret }: { database: Database; engine: Engine; secret: string }) {
  const accounts = createAccounts({ database, hashing: HASHING });
  const sessions: BenchSession[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `stream${index}`;
    // oxlint-disable-next-line no-await-in-loop -- more at once would only wait for connections
    const created = await accounts.createUser({
      username: name,
      email: `${name}@example.org`,
      name,
      role: 'user',
      password: 'correct horse battery',
    });
    if (!created.ok) throw new Error(JSON.stringify(created.problems));
    // oxlint-disable-next-line no-await-in-loop
    sessions.push(await storeSession({ engine, userId: created.user.id, secret }));
  }
  return sessions;
}
