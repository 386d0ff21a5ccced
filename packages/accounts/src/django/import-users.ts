import type { Role } from '@gatehouse/contract';
import { inTransaction, isUniqueViolation, type Database, type ReadOnlyDatabase } from '@gatehouse/prisma';
import { activityRow, SYSTEM, type Actor } from '../activity-row.ts';
import { existingAccounts, type ExistingAccount } from '../import/existing-accounts.ts';
import { insertUsers } from '../insert-users.ts';
import { accountOf, importedId, type ImportedAccount, type Refusal } from './account-of.ts';
import { isDjangoHash } from './django-hash.ts';
import { djangoUsers, type DjangoUser, type UserColumns } from './django-users.ts';

export interface ImportUsersOptions {
  /** The database to import into. */
  readonly database: Database;
  /** Django's database. It is only read. */
  readonly source: ReadOnlyDatabase;
  /** Default: `auth_user`. */
  readonly table?: string | undefined;
  /** Column names that differ from those of `auth_user`. */
  readonly columns?: UserColumns | undefined;
  /** The role of `is_staff` users who are not superusers. Default: `user`. */
  readonly staffAs?: Role | undefined;
  /** Reports the outcome without writing anything. Keeps every imported name in memory. Default: false. */
  readonly dryRun?: boolean;
  /** Ends all sessions of a user, in every storage. */
  readonly endSessions: (userId: string) => Promise<unknown>;
  /** Called for each user who was refused, or was imported without a usable password. */
  readonly onNotice: (notice: ImportNotice) => void;
  /** Called after each page with the number of users read so far. */
  readonly onProgress?: ((read: number) => void) | undefined;
  /** The actor, for the audit trail. Default: `SYSTEM`. */
  readonly by?: Actor;
  readonly now?: () => Date;
  /** Users per page and transaction. Default: 500. */
  readonly pageSize?: number;
}

export interface ImportNotice {
  readonly djangoId: string;
  readonly username: string;
  /** NO_PASSWORD: imported, but the stored password cannot be verified here. */
  readonly reason: Refusal | 'NO_PASSWORD';
}

export interface ImportedUsers {
  readonly read: number;
  readonly imported: number;
  /** Imported before, and changed in Django since. */
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
}

/**
 * Imports Django's users. Each user is imported completely or refused with a reason. Safe to run again: accounts that exist already
 * stay unchanged, with two exceptions for as long as Django is still in use. A password that was changed in Django is taken over
 * if the user has not signed in here yet, and so is a deactivation. Both end the user's sessions.
 */
export async function importDjangoUsers({
  database: { prisma },
  source,
  table = 'auth_user',
  columns,
  staffAs = 'user',
  dryRun = false,
  endSessions,
  onNotice,
  onProgress,
  by = SYSTEM,
  now = () => new Date(),
  pageSize = 500,
}: ImportUsersOptions): Promise<ImportedUsers> {
  const counts = { read: 0, imported: 0, updated: 0, unchanged: 0, refused: 0 };
  // A dry run stores nothing that a later page could conflict with.
  const wouldExist = new Set<string>();

  function refuse({ id, username }: DjangoUser, reason: Refusal): void {
    counts.refused += 1;
    onNotice({ djangoId: id, username, reason });
  }

  function countImported(user: DjangoUser): void {
    counts.imported += 1;
    if (!isDjangoHash(user.password)) onNotice({ djangoId: user.id, username: user.username, reason: 'NO_PASSWORD' });
  }

  async function create(accounts: readonly { user: DjangoUser; account: ImportedAccount }[]): Promise<void> {
    if (accounts.length === 0) return;
    try {
      const rows = accounts.map(({ account: { id, role } }) =>
        activityRow({ kind: 'user_imported', detail: { role }, userId: id, at: now(), by }),
      );
      if (!dryRun)
        await inTransaction(prisma, (tx) =>
          insertUsers(
            tx,
            accounts.map(({ account }) => account),
            rows,
          ),
        );
      for (const { user } of accounts) countImported(user);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const [first] = accounts;
      // An account was created at the same time. Retry one by one to find the conflict.
      if (accounts.length === 1 && first) return refuse(first.user, 'USERNAME_TAKEN');
      for (const one of accounts) await create([one]);
    }
  }

  /** Returns whether anything has changed. */
  async function update(user: DjangoUser, existing: ExistingAccount): Promise<boolean> {
    const passwordHash = !isOurs(existing.passwordHash) && existing.passwordHash !== user.password ? user.password : undefined;
    const status = !user.isActive && existing.status === 'active' ? 'suspended' : undefined;
    if (passwordHash === undefined && status === undefined) return false;
    if (dryRun) return true;
    const { count: changed } = await prisma.user.updateMany({
      // Skip the update if the user signs in or changes their password at the same time.
      where: { id: existing.id, passwordHash: existing.passwordHash },
      data: {
        ...(passwordHash !== undefined && { passwordHash }),
        ...(status !== undefined && { status }),
        credentialEpoch: { increment: 1 },
      },
    });
    if (changed > 0) await endSessions(existing.id);
    return changed > 0;
  }

  for await (const page of djangoUsers(source, { table, columns, pageSize })) {
    const mapped = page.map((user) => ({ user, outcome: accountOf(user, { staffAs, now: now() }) }));
    const accounts = mapped.flatMap(({ outcome }) => (outcome.ok ? [outcome.account] : []));
    const existing = await existingAccounts(prisma, {
      ids: page.map(({ id }) => importedId(id)),
      usernameKeys: accounts.map(({ usernameKey }) => usernameKey),
      emailKeys: accounts.map(({ emailKey }) => emailKey),
    });
    const known = new Map(existing.map((account) => [account.id, account]));
    const taken = new Set(existing.flatMap(({ usernameKey, emailKey }) => [usernameKey, emailKey]));
    const isTaken = (key: string): boolean => taken.has(key) || wouldExist.has(key);

    const fresh: { user: DjangoUser; account: ImportedAccount }[] = [];
    for (const { user, outcome } of mapped) {
      counts.read += 1;
      const before = known.get(importedId(user.id));
      if (before) {
        if (await update(user, before)) counts.updated += 1;
        else counts.unchanged += 1;
      } else if (!outcome.ok) refuse(user, outcome.reason);
      else if (isTaken(outcome.account.usernameKey)) refuse(user, 'USERNAME_TAKEN');
      else if (isTaken(outcome.account.emailKey)) refuse(user, 'EMAIL_TAKEN');
      else {
        fresh.push({ user, account: outcome.account });
        for (const key of [outcome.account.usernameKey, outcome.account.emailKey]) (dryRun ? wouldExist : taken).add(key);
      }
    }
    await create(fresh);
    onProgress?.(counts.read);
  }
  return counts;
}

/** Whether Gatehouse created this hash, when the user signed in or set a password here. */
const isOurs = (passwordHash: string): boolean => /^(?:pepper:[\w-]+)?\$argon2/.test(passwordHash);
