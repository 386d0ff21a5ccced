import { activityRow, SYSTEM, type Actor } from '../activity-row.ts';
import { isUniqueViolation, type Database, type ReadOnlyDatabase } from '@gatehouse/prisma';
import type { SessionUser } from '@gatehouse/contract';
import { SESSION_USER_COLUMNS, toSessionUser } from '../session-user.ts';
import { importedId } from './account-of.ts';
import { djangoId, storedForms, type UserColumns } from './django-users.ts';

/** The account that a Django session belongs to. */
export interface DjangoSessionOwner {
  readonly user: SessionUser;
  readonly credentialEpoch: number;
  /** The hash that Django stores; its sessions contain an HMAC of it. */
  readonly djangoPassword: string;
}

/**
 * Maps Django user ids to their accounts. Leaves out users who have changed their password here, because that ended their earlier
 * sessions.
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
  // Query only imported ids: any other may have the wrong type for the column, which is an error in PostgreSQL.
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
    // A sign-in rehashes the password but keeps the epoch; changing the password raises it.
    if (!account || (account.passwordHash !== djangoPassword && account.credentialEpoch > 0)) continue;
    owners.set(key, { user: toSessionUser(account), credentialEpoch: account.credentialEpoch, djangoPassword });
  }
  return owners;
}

/**
 * Records that a session was imported; returns false if it was imported before. Call it before storing the session, so that a repeated
 * import does not bring back sessions that were ended here.
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
