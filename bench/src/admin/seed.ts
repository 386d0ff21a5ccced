import { nameKeyOf, wordsOf } from '@gatehouse/accounts';
import type { Database, Provider } from '@gatehouse/prisma';

/*
 * Fills an empty, migrated database with accounts, sessions and audit entries. Everything follows from the row number, so every database and
 * every run gets the same rows.
 */

export interface SeedCounts {
  readonly users: number;
  readonly sessions: number;
  readonly events: number;
}

const ROWS_PER_STATEMENT = 1000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const FIRST = [
  'Anna', 'Ben', 'Clara', 'David', 'Emma', 'Felix', 'Greta', 'Hugo', 'Ida', 'Jonas', 'Karla', 'Leo', 'Mia', 'Noah', 'Olga', 'Paul', 'Quentin', 'Rosa',
  'Samuel', 'Theo', 'Ulrike', 'Viktor', 'Wanda', 'Xaver', 'Yara', 'Zoë', 'José', 'Søren', 'Łukasz', 'Дмитрий', 'Ελένη', '美咲',
]; // prettier-ignore
const LAST = ['son', 'berg', 'mann', 'ley', 'ton', 'ski', 'etti', 'ova', 'ez', 'sen', 'er', 'aux', 'ides', 'oğlu', 'wood', 'field'];
const STEMS = ['An', 'Bor', 'Cas', 'Dor', 'El', 'Fen', 'Gar', 'Hal', 'Iv', 'Jan', 'Kel', 'Lor', 'Mar', 'Nor', 'Ol', 'Per', 'Qui', 'Ros', 'San', 'Tor', 'Ul', 'Ver', 'Wil', 'Yor', 'Zan']; // prettier-ignore

/** A number below `below` that looks random (Knuth's multiplicative hash). */
const mixed = (n: number, salt: number, below: number): number => (Math.imul(n + salt * 7919, 2_654_435_761) >>> 0) % below;

export const userIdOf = (n: number): string => `bench-${n}`;
export const addressOf = (n: number): string => `10.${mixed(n, 5, 200)}.${mixed(n, 6, 250)}.1`;
export const handleOf = (n: number): string => `ses_bench${n}`;

export function userOf(n: number): { id: string; username: string; email: string; name: string } {
  const first = FIRST[mixed(n, 1, FIRST.length)] ?? '';
  const last = `${STEMS[mixed(n, 2, STEMS.length)]}${LAST[mixed(n, 3, LAST.length)]}${LAST[mixed(n, 4, LAST.length)]}`;
  return { id: userIdOf(n), username: `user${n}`, email: `mail.${n}@company${mixed(n, 7, 500)}.example`, name: `${first} ${last}` };
}

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0) Firefox/150.0',
  'Mozilla/5.0 (iPhone) Safari/605.1',
  'Mozilla/5.0 (X11; Linux) Chrome/150.0',
];

/** Of 20 entries. Security events are rare: one of 20,000 each. */
const KINDS = [...Array<string>(11).fill('signed_in'), ...Array<string>(5).fill('sign_in_failed'), 'signed_out', 'signed_out', 'session_expired', 'password_confirmed']; // prettier-ignore
const RARE = ['locked', 'suspended', 'role_changed', 'user_created', 'user_deleted', 'sessions_revoked'];
const kindOf = (n: number): string => (n % 20_000 < RARE.length ? (RARE[n % 20_000] ?? '') : (KINDS[mixed(n, 8, KINDS.length)] ?? ''));

/** A literal of a time, as Prisma writes it. */
const timeOf: Readonly<Record<Provider, (ms: number) => string>> = {
  sqlite: (ms) => String(ms),
  mysql: (ms) => `'${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}'`,
  postgresql: (ms) => `'${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}'`,
};

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

export async function seed({ provider, adapter }: Database, counts: SeedCounts, nowMs: number): Promise<void> {
  const connection = await adapter.connect();
  const run = async (sql: string): Promise<void> => void (await connection.executeRaw({ sql, args: [], argTypes: [] }));
  const at = timeOf[provider];

  async function insert(into: string, count: number, rowsOf: (n: number) => readonly string[]): Promise<void> {
    await run('BEGIN');
    for (let from = 0; from < count; from += ROWS_PER_STATEMENT) {
      const size = Math.min(ROWS_PER_STATEMENT, count - from);
      const rows = Array.from({ length: size }, (_, index) => rowsOf(from + index)).flat();
      // oxlint-disable-next-line no-await-in-loop -- one connection
      if (rows.length > 0) await run(`INSERT INTO ${into} VALUES ${rows.join(',')}`);
      // oxlint-disable-next-line no-await-in-loop
      if (from % 100_000 === 0) await run('COMMIT').then(() => run('BEGIN'));
    }
    await run('COMMIT');
  }

  await insert(
    'gatehouse_user (user_id, username, username_key, email, email_key, name, name_key, role, status, password_hash, last_sign_in_ms, created_at, updated_at)',
    counts.users,
    (n) => {
      const { id, username, email, name } = userOf(n);
      const created = at(nowMs - mixed(n, 9, 400 * 24) * HOUR_MS);
      const lastSignIn = n % 3 === 0 ? 0 : nowMs - mixed(n, 10, 90 * 24 * 60) * 60_000;
      const texts = [id, username, username, email, email, name, nameKeyOf(name), n % 100_000 === 7 ? 'admin' : 'user'].map(text);
      return [`(${texts.join(',')},${text(n % 200 === 3 ? 'suspended' : 'active')},'!',${lastSignIn},${created},${created})`];
    },
  );
  await insert('gatehouse_user_word (word, user_id)', counts.users, (n) =>
    wordsOf(userOf(n)).map((word) => `(${text(word)},${text(userIdOf(n))})`),
  );
  await insert(
    'gatehouse_session (handle, secret_hash, rotated_at, user_id, data, created_at, renewed_at, last_activity_at, expires_at, ip, user_agent)',
    counts.sessions,
    (n) => {
      const created = nowMs - mixed(n, 11, 48) * HOUR_MS;
      const times = [created, created, created, nowMs + DAY_MS * (1 + mixed(n, 12, 13))].map(at);
      const texts = [text(addressOf(n)), text(AGENTS[n % AGENTS.length] ?? '')];
      return [
        `(${text(handleOf(n))},'bench',${at(created)},${text(userIdOf(mixed(n, 13, counts.users)))},'{}',${times.join(',')},${texts.join(',')})`,
      ];
    },
  );
  await insert(
    'gatehouse_activity (activity_id, user_id, kind, happened_at, ip, user_agent, handle, actor_kind, actor_id, detail)',
    counts.events,
    (n) => {
      const kind = kindOf(n);
      const user = text(userIdOf(mixed(n, 14, counts.users)));
      const actor = RARE.includes(kind) ? text(userIdOf(7)) : user;
      const time = at(nowMs - Math.floor((n / counts.events) * 30 * DAY_MS));
      const detail = kind === 'signed_in' ? `'{"method":"password"}'` : 'NULL';
      return [
        `('bench-${n}',${user},${text(kind)},${time},${text(addressOf(mixed(n, 15, 1_000_000)))},${text(AGENTS[n % AGENTS.length] ?? '')},${text(handleOf(mixed(n, 16, 400_000)))},'self',${actor},${detail})`,
      ];
    },
  );
  // As a server does by itself after a while. A SQLite file has no statistics, as in production.
  if (provider === 'mysql')
    await connection.queryRaw({
      sql: 'ANALYZE TABLE gatehouse_user, gatehouse_user_word, gatehouse_session, gatehouse_activity',
      args: [],
      argTypes: [],
    });
  if (provider === 'postgresql') await run('VACUUM ANALYZE');
  await connection.dispose();
}
