import type { Role } from '@gatehouse/contract';
import { inTransaction, isUniqueViolation, type Database, type ReadOnlyDatabase } from '@gatehouse/prisma';
import { activityRow, SYSTEM, type Actor } from '../activity-row.ts';
import { accountOf, importedId, type ImportedAccount, type Refusal } from './account-of.ts';
import { isDjangoHash } from './django-hash.ts';
import { djangoUsers, type DjangoUser, type UserColumns } from './django-users.ts';

export interface ImportUsersOptions {
  /** Ours. */
  readonly database: Database;
  /** Django's: read, never written. */
  readonly source: ReadOnlyDatabase;
  /** Default: `auth_user`. */
  readonly table?: string | undefined;
  /** What columns are called there that are not called as in `auth_user`. */
  readonly columns?: UserColumns | undefined;
  /** What `is_staff` makes of someone who is no superuser. Default: `user`. */
  readonly staffAs?: Role | undefined;
  /** Nothing is written; the outcomes are those that it would have. Keeps every name in memory meanwhile. */
  readonly dryRun?: boolean;
  /** Ends a user's sessions, wherever they are. */
  readonly endSessions: (userId: string) => Promise<unknown>;
  /** Of each user who did not simply come over: what a person has to know. */
  readonly onNotice: (notice: ImportNotice) => void;
  /** Who does it, for the audit trail. Default: nobody is named. */
  readonly by?: Actor;
  readonly now?: () => Date;
  /** Users a page. Default: 100. */
  readonly pageSize?: number;
}

export interface ImportNotice {
  readonly djangoId: string;
  readonly username: string;
  /** NO_PASSWORD: has an account, and no password that can be verified here. */
  readonly reason: Refusal | 'NO_PASSWORD';
}

export interface ImportedUsers {
  readonly read: number;
  readonly imported: number;
  /** Had come before, and had changed in Django since. */
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
}

type Standing = Pick<ImportedAccount, 'id' | 'usernameKey' | 'emailKey' | 'passwordHash'> & { readonly status: string };

const STANDING = { id: true, usernameKey: true, emailKey: true, passwordHash: true, status: true } as const;

/**
 * Brings Django's users here. A user comes over whole or is refused with a reason, one statement a page. Safe to run again:
 * who came before stays as they are here, but for two things that Django knows better until it is switched off, a password
 * that was changed there while none was used here, and a suspension. Both end the user's sessions.
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
  by = SYSTEM,
  now = () => new Date(),
  pageSize = 100,
}: ImportUsersOptions): Promise<ImportedUsers> {
  const counts = { read: 0, imported: 0, updated: 0, unchanged: 0, refused: 0 };
  // In a dry run nothing is stored that a later page could meet.
  const wouldExist = new Set<string>();

  function refuse({ id, username }: DjangoUser, reason: Refusal): void {
    counts.refused += 1;
    onNotice({ djangoId: id, username, reason });
  }

  function count(user: DjangoUser): void {
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
        await inTransaction(prisma, async (tx) => {
          await tx.user.createMany({ data: accounts.map(({ account }) => account) });
          await tx.activity.createMany({ data: rows });
        });
      for (const { user } of accounts) count(user);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const [first] = accounts;
      // Somebody made an account meanwhile: one by one, to find whose.
      if (accounts.length === 1 && first) return refuse(first.user, 'USERNAME_TAKEN');
      for (const one of accounts) await create([one]);
    }
  }

  /** Whether anything has changed. */
  async function bringUpToDate(user: DjangoUser, standing: Standing): Promise<boolean> {
    const passwordHash = !isOurs(standing.passwordHash) && standing.passwordHash !== user.password ? user.password : undefined;
    const status = !user.isActive && standing.status === 'active' ? 'suspended' : undefined;
    if (passwordHash === undefined && status === undefined) return false;
    if (dryRun) return true;
    const { count: changed } = await prisma.user.updateMany({
      // Only while it is what was judged: whoever signs in or changes their password at this moment has the last word.
      where: { id: standing.id, passwordHash: standing.passwordHash },
      data: {
        ...(passwordHash !== undefined && { passwordHash }),
        ...(status !== undefined && { status }),
        credentialEpoch: { increment: 1 },
      },
    });
    if (changed > 0) await endSessions(standing.id);
    return changed > 0;
  }

  for await (const page of djangoUsers(source, { table, columns, pageSize })) {
    const mapped = page.map((user) => ({ user, outcome: accountOf(user, { staffAs, now: now() }) }));
    const accounts = mapped.flatMap(({ outcome }) => (outcome.ok ? [outcome.account] : []));
    const standing: Standing[] = await prisma.user.findMany({
      where: {
        OR: [
          { id: { in: page.map(({ id }) => importedId(id)) } },
          { usernameKey: { in: accounts.map(({ usernameKey }) => usernameKey) } },
          { emailKey: { in: accounts.map(({ emailKey }) => emailKey) } },
        ],
      },
      select: STANDING,
    });
    const known = new Map(standing.map((one) => [one.id, one]));
    const taken = new Set(standing.flatMap(({ usernameKey, emailKey }) => [usernameKey, emailKey]));
    const isTaken = (key: string): boolean => taken.has(key) || wouldExist.has(key);

    const fresh: { user: DjangoUser; account: ImportedAccount }[] = [];
    for (const { user, outcome } of mapped) {
      counts.read += 1;
      const before = known.get(importedId(user.id));
      if (before) {
        if (await bringUpToDate(user, before)) counts.updated += 1;
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
  }
  return counts;
}

/** Hashed here, when its owner signed in or chose it. */
const isOurs = (passwordHash: string): boolean => /^(?:pepper:[\w-]+)?\$argon2/.test(passwordHash);
