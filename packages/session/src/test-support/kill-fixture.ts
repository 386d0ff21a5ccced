import type { Database } from '@gatehouse/prisma';
import type { TestDatabase } from '@gatehouse/prisma/testing';
import { databaseAccounts } from './database-accounts.ts';
import { startRaceServer, type RaceServer } from './race-processes.ts';
import { startRedis, type RedisServer } from './redis-server.ts';
import { createTempDatabase } from './temp-database.ts';

/** A server process and its storage, which can be killed and restarted. */
export interface KillFixture {
  readonly server: () => RaceServer;
  /** Kills the server, and our own storage server with it, as in a power cut. */
  kill(): Promise<void>;
  start(): Promise<void>;
  newUser(): Promise<string>;
  /** Problems of the storage itself while no server runs. */
  damage(): Promise<string[]>;
  dispose(): Promise<void>;
}

export async function killFixture({ engine, on }: { engine: string; on: TestDatabase }): Promise<KillFixture> {
  const testDatabase = await createTempDatabase(on);
  const database = await testDatabase.connect();
  const accounts = databaseAccounts(database.prisma);
  const redis: RedisServer | undefined = engine === 'db' ? undefined : await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  const env = { RACE_ENGINE: engine, DATABASE_URL: testDatabase.url, ...(redis && { REDIS_URL: redis.url }) };
  let server = await startRaceServer(env);
  return {
    server: () => server,
    async kill() {
      await Promise.all([server.stop(), redis?.kill()]);
    },
    async start() {
      await redis?.start();
      server = await startRaceServer(env);
    },
    newUser: async () => (await accounts.create()).user.id,
    damage: () => damage(database),
    async dispose() {
      await server.stop();
      await redis?.stop();
      await testDatabase.dispose();
    },
  };
}

async function damage({ prisma, provider }: Database): Promise<string[]> {
  const problems: string[] = [];
  if (provider === 'sqlite') {
    const answer = await prisma.$queryRaw<{ integrity_check: string }[]>`PRAGMA integrity_check`;
    problems.push(...answer.map(({ integrity_check: text }) => text).filter((text) => text !== 'ok'));
  }
  const [orphans] = await prisma.$queryRaw<{ count: number | bigint }[]>`
    SELECT COUNT(*) AS count FROM gatehouse_session
    WHERE user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM gatehouse_user WHERE gatehouse_user.user_id = gatehouse_session.user_id)`;
  if (Number(orphans?.count) > 0) problems.push(`${orphans?.count} sessions without their user`);
  return problems;
}
