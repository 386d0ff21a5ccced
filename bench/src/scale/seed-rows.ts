import type { Database } from '@gatehouse/prisma';
import type { SessionRecord } from '@gatehouse/session/engine';
import type { SeedCounts } from './store.ts';

const STEP = 100_000;
const HOUR_MS = 3_600_000;

/** 32 random characters. */
const RANDOM = { sqlite: 'lower(hex(randomblob(16)))', mysql: 'MD5(CONCAT(UUID(), RAND(), n))', postgresql: 'md5(random()::text || n)' };

/** Updates the statistics, which a production server updates automatically. */
const ANALYZE = { sqlite: 'SELECT 1', mysql: 'ANALYZE TABLE gatehouse_session, gatehouse_user', postgresql: 'ANALYZE' };

const digits = (name: string): string =>
  `(${Array.from({ length: 10 }, (_, digit) => `SELECT ${digit}${digit === 0 ? ' AS n' : ''}`).join(' UNION ALL ')}) ${name}`;

/** A table of the numbers 0 … 99999. */
const NUMBERS = `(SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n AS n FROM ${['a', 'b', 'c', 'd', 'e'].map(digits).join(' CROSS JOIN ')}) numbers`;

/** Adds accounts `bench-0`, `bench-1`, …: copies of the account that exists already. */
export async function seedAccounts({ adapter }: Database, count: number): Promise<void> {
  const connection = await adapter.connect();
  await inSteps(
    connection,
    count,
    (from, condition) => `INSERT INTO gatehouse_user
      (user_id, username, username_key, email, email_key, name, role, status, password_hash, credential_epoch, created_at, updated_at)
      SELECT CONCAT('bench-', n + ${from}), CONCAT('bench-', n + ${from}), CONCAT('bench-', n + ${from}),
        CONCAT('bench-', n + ${from}, '@example.org'), CONCAT('bench-', n + ${from}, '@example.org'),
        name, role, status, password_hash, credential_epoch, created_at, updated_at
      FROM gatehouse_user, ${NUMBERS} WHERE username_key = 'ada' AND ${condition}`,
  );
  await connection.dispose();
}

/** Copies one session and one account with INSERT … SELECT. */
export async function seedRows(database: Database, record: SessionRecord, counts: SeedCounts): Promise<void> {
  const { provider, prisma, adapter } = database;
  const random = RANDOM[provider];
  await seedAccounts(database, counts.users);
  const connection = await adapter.connect();
  const copies = (count: number): Promise<void> =>
    inSteps(
      connection,
      count,
      (from, condition) => `INSERT INTO gatehouse_session
      (handle, secret_hash, rotated_at, presented_at, user_id, credential_epoch, data, version, created_at, renewed_at, last_activity_at,
        expires_at, custom_age, fixed_expiry, ip, user_agent)
      SELECT CONCAT('ses_', ${random}), ${random}, rotated_at, presented_at, CONCAT('bench-', (n + ${from}) % ${counts.users}), 0, data,
        version, created_at, renewed_at, last_activity_at, expires_at, custom_age, fixed_expiry, ip, user_agent
      FROM gatehouse_session, ${NUMBERS} WHERE handle = '${record.handle}' AND ${condition}`,
    );
  await copies(counts.live);
  const expired = Date.now() - HOUR_MS;
  const times = { createdAt: expired - HOUR_MS, renewedAt: expired - HOUR_MS, lastActivityAt: expired - HOUR_MS, expiresAt: expired };
  await prisma.session.update({
    where: { handle: record.handle },
    data: Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, new Date(ms)])),
  });
  await copies(counts.expired);
  await connection.queryRaw({ sql: ANALYZE[provider], args: [], argTypes: [] });
  await connection.dispose();
}

type Connection = Awaited<ReturnType<Database['adapter']['connect']>>;

/** Inserts `count` rows, STEP per statement. */
async function inSteps(connection: Connection, count: number, insert: (from: number, condition: string) => string): Promise<void> {
  for (let from = 0; from < count; from += STEP)
    await connection.executeRaw({ sql: insert(from, `n < ${Math.min(STEP, count - from)}`), args: [], argTypes: [] });
}
