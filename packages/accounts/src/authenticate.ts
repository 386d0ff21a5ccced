import { randomUUID } from 'node:crypto';
import type { Authentication, SignInGrant } from '@gatehouse/contract';
import { whereText, type Database } from '@gatehouse/prisma';
import { identifierKey } from './identifier.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { isHashable } from './password-policy.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';
import { TooBusyError } from './account-errors.ts';

export interface Credentials {
  /** User name or e-mail address. */
  readonly identifier: string;
  readonly password: string;
}

const INVALID = { ok: false, reason: 'INVALID_CREDENTIALS' } as const;

export function authenticator(prisma: Database['prisma'], hasher: PasswordHasher) {
  let decoy: Promise<string> | undefined;

  /**
   * A hash with the current parameters that matches no password, so that an unknown user takes as long as a known one. Django's hashes
   * are slower; hiding that would make every unknown name just as expensive (docs/from-django.md).
   */
  const decoyHash = (): Promise<string> =>
    (decoy ??= hasher.hash(randomUUID()).catch((error: unknown) => {
      decoy = undefined;
      throw error;
    }));

  // Create it in advance, or the first sign-in of an unknown user would take twice as long.
  decoyHash().catch(() => undefined);

  async function check(password: string, find: () => Promise<Account | null>): Promise<Authentication> {
    // Depends only on the password, so an early return reveals nothing about the account.
    if (!isHashable(password)) return INVALID;
    const user = await find();
    const stored = user && hasher.isUsable(user.passwordHash) ? user.passwordHash : await decoyHash();
    const { ok, needsRehash } = await hasher.verify(stored, password);
    if (!ok || !user || user.status !== 'active') return INVALID;
    if (needsRehash) await rehash(user, password);
    return { ok: true, user: toSessionUser(user), credentialEpoch: user.credentialEpoch };
  }

  /** Stores the new hash only if the verified one is still there, so as not to undo a concurrent password change. */
  async function rehash(user: { id: string; passwordHash: string }, password: string): Promise<void> {
    try {
      const passwordHash = await hasher.hash(password);
      await prisma.user.updateMany({ where: { id: user.id, passwordHash: user.passwordHash }, data: { passwordHash } });
    } catch (error) {
      // The next sign-in tries again.
      if (!(error instanceof TooBusyError)) throw error;
    }
  }

  async function orTooBusy(authentication: Promise<Authentication>): Promise<Authentication> {
    try {
      return await authentication;
    } catch (error) {
      if (error instanceof TooBusyError) return { ok: false, reason: 'TOO_BUSY' };
      throw error;
    }
  }

  return {
    authenticate: ({ identifier, password }: Credentials): Promise<Authentication> =>
      orTooBusy(check(password, () => findAccount(prisma, identifier))),

    async forSignIn(userId: string): Promise<SignInGrant | undefined> {
      const user = await prisma.user.findUnique({
        where: { id: whereText(userId) },
        select: { ...SESSION_USER_COLUMNS, credentialEpoch: true },
      });
      return user?.status === 'active' ? { user: toSessionUser(user), credentialEpoch: user.credentialEpoch } : undefined;
    },

    verifyPassword: (userId: string, password: string): Promise<Authentication> =>
      orTooBusy(check(password, async () => prisma.user.findUnique({ where: { id: whereText(userId) } }))),
  };
}

type Account = NonNullable<Awaited<ReturnType<typeof findAccount>>>;

/**
 * Finds an account by user name or e-mail address in one query. An imported user name may contain an @ (`me@corp`), but is never a valid
 * e-mail address, so it cannot be someone else's address. See django/account-of.ts.
 */
export async function findAccount(prisma: Database['prisma'], identifier: string) {
  const key = identifierKey(identifier);
  if (key === undefined) return null;
  if (!key.includes('@')) return prisma.user.findUnique({ where: { usernameKey: key } });
  const found = await prisma.user.findMany({ where: { OR: [{ emailKey: key }, { usernameKey: key }] }, take: 2 });
  return found.find(({ emailKey }) => emailKey === key) ?? found[0] ?? null;
}
