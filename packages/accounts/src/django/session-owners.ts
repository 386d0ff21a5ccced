import { activityRow, SYSTEM, type Actor } from '../activity-row.ts';
import { isUniqueViolation, type Database, type ReadOnlyDatabase } from '@gatehouse/prisma';
import type { SessionUser } from '@gatehouse/contract';
import { SESSION_USER_COLUMNS, toSessionUser } from '../session-user.ts';
import { importedId } from './account-of.ts';
import { djangoId, storedForms, type UserColumns } from './django-users.ts';

/** Whose session it would be here. */
export interface DjangoSessionOwner {
  readonly user: SessionUser;
  readonly credentialEpoch: number;
  /** As Django holds it: its sessions are bound to it. */
  readonly djangoPassword: string;
}

/**
 * The accounts here of Django's users by their ids there. Only those whose credentials are still Django's: somebody who has changed
 * their password here has ended what was open before.
 */
export async function djangoSessionOwners(
  { prisma }: Database,
  source: ReadOnlyDatabase,
  {
    djangoIds,
    table = 'auth_user',
    columns = {},
  }: { djangoIds: readonly string[]; table?: string | undefined; columns?: UserColumns | undefined },
): Promise<Map<string, DjangoSessionOwner>> {
  const accounts = await prisma.user.findMany({
    where: { id: { in: djangoIds.map(importedId) }, status: 'active' },
    select: { ...SESSION_USER_COLUMNS, credentialEpoch: true, passwordHash: true },
  });
  const byId = new Map(accounts.map((account) => [account.id, account]));
  // Only of those who came from there: any other id may be of a type that its column is not, which PostgreSQL takes for an error.
  const known = djangoIds.filter((id) => byId.has(importedId(id)));
  const owners = new Map<string, DjangoSessionOwner>();
  if (known.length === 0) return owners;
  const { quoted } = source;
  const from = table.split('.').map(quoted).join('.');
  const [id, password] = [quoted(columns.id ?? 'id'), quoted(columns.password ?? 'password')];
  const stored = known.flatMap(storedForms);
  const places = stored.map(() => '?').join(', ');
  const { rows } = await source.select(`SELECT ${id}, ${password} FROM ${from} WHERE ${id} IN (${places})`, stored);
  const passwords = new Map(rows.map(([key, hash]) => [djangoId(String(key)), String(hash)]));
  for (const [key, djangoPassword] of passwords) {
    const account = byId.get(importedId(key));
    // Renewed at a sign-in the hash differs and the epoch does not; a change of the password raises it.
    if (!account || (account.passwordHash !== djangoPassword && account.credentialEpoch > 0)) continue;
    owners.set(key, { user: toSessionUser(account), credentialEpoch: account.credentialEpoch, djangoPassword });
  }
  return owners;
}

/**
 * Writes down that a session has come over, for its owner to see; false if it had come before. Asked before the session is
 * stored, so that an import that is run again brings back none that was ended here.
 */
export async function claimDjangoSession(
  { prisma }: Database,
  { by = SYSTEM, ...session }: { key: string; handle: string; userId: string; at: Date; by?: Actor },
): Promise<boolean> {
  try {
    const { key, ...rest } = session;
    await prisma.activity.createMany({ data: activityRow({ ...rest, kind: 'session_imported', by }, `django-${key}`) });
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}
