import type { Database } from '@gatehouse/prisma';
import { join, sql } from '@gatehouse/prisma/sql';
import type { CopyJournal, JournalEntry } from './copy-storage.ts';

interface Row {
  lease_name: string;
  owner: string;
  expires_at: Date | string | number;
}

const PAGE = 1000;
/** Entries per statement. */
const CHUNK = 250;
const PREFIX = 'copied ';
const OURS = sql`lease_name LIKE 'copied ses%'`;

/**
 * The journal as leases, so that it needs no table of its own: each copied session is leased until it has expired in any case. Servers of
 * every version leave other leases alone.
 */
export function dbCopyJournal({ prisma, provider }: Pick<Database, 'prisma' | 'provider'>, now: () => number): CopyJournal {
  const again =
    provider === 'mysql'
      ? sql`ON DUPLICATE KEY UPDATE owner = VALUES(owner), expires_at = VALUES(expires_at)`
      : sql`ON CONFLICT (lease_name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at`;

  return {
    async get(handles) {
      if (handles.length === 0) return new Map();
      const rows = await prisma.$queryRaw<Row[]>(
        sql`SELECT lease_name, owner, expires_at FROM gatehouse_lease WHERE lease_name IN (${join(handles.map((handle) => PREFIX + handle))})`,
      );
      return new Map(rows.map(entryOf).map((entry) => [entry.handle, entry]));
    },

    async put(entries) {
      for (let from = 0; from < entries.length; from += CHUNK) {
        const rows = entries
          .slice(from, from + CHUNK)
          .map(
            (entry) => sql`(${PREFIX + entry.handle}, ${`${entry.fingerprint} ${entry.copyExpiresAtMs}`}, ${new Date(entry.expiresAtMs)})`,
          );
        await prisma.$executeRaw(sql`INSERT INTO gatehouse_lease (lease_name, owner, expires_at) VALUES ${join(rows)} ${again}`);
      }
    },

    async remove(entries) {
      if (entries.length === 0) return;
      const names = entries.map(({ handle }) => PREFIX + handle);
      await prisma.$executeRaw(sql`DELETE FROM gatehouse_lease WHERE lease_name IN (${join(names)})`);
    },

    async *pages() {
      for (let after = ''; ;) {
        const rows = await prisma.$queryRaw<Row[]>(sql`
          SELECT lease_name, owner, expires_at FROM gatehouse_lease WHERE ${OURS} AND lease_name > ${after}
          ORDER BY lease_name LIMIT ${PAGE}`);
        yield rows.map(entryOf);
        const last = rows.at(-1);
        if (!last || rows.length < PAGE) return;
        after = last.lease_name;
      }
    },

    async purge() {
      await prisma.$executeRaw(sql`DELETE FROM gatehouse_lease WHERE ${OURS} AND expires_at <= ${new Date(now())}`);
    },

    async clear() {
      await prisma.$executeRaw(sql`DELETE FROM gatehouse_lease WHERE ${OURS}`);
    },
  };
}

function entryOf({ lease_name: name, owner, expires_at: expiresAt }: Row): JournalEntry {
  const handle = name.slice(PREFIX.length);
  const [fingerprint = '', copyExpiresAtMs = '0'] = owner.split(' ');
  return {
    handle,
    target: handle,
    fingerprint,
    copyExpiresAtMs: Number(copyExpiresAtMs),
    expiresAtMs: new Date(expiresAt).getTime(),
  };
}
