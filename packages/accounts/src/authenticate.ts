import { randomUUID } from 'node:crypto';
import type { SessionUser } from '@gatehouse/contract';
import { whereText, type Database } from '@gatehouse/prisma';
import { identifierKey } from './identifier.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { isHashable } from './password-policy.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';
import { TooBusyError } from './too-busy-error.ts';

export interface Credentials {
  /** User name or e-mail address. */
  readonly identifier: string;
  readonly password: string;
}

/** What a session is made from: `sessionOf(req).signIn(user, { credentialEpoch })`. */
export interface SignInGrant {
  readonly user: SessionUser;
  /**
   * The account's at this moment. A password change or a suspension raises it, and then no session is made from this one any more.
   */
  readonly credentialEpoch: number;
}

export type Authentication =
  | (SignInGrant & { readonly ok: true })
  | { readonly ok: false; readonly reason: 'INVALID_CREDENTIALS' | 'TOO_BUSY' };

const INVALID = { ok: false, reason: 'INVALID_CREDENTIALS' } as const;

export function authenticator(prisma: Database['prisma'], hasher: PasswordHasher) {
  let decoy: Promise<string> | undefined;

  /**
   * A hash that no password fits, with today's parameters: an unknown user costs what a known one does. Not what one does whose
   * hash is still Django's, which is slower: to hide that, every unknown name would have to cost as much (docs/from-django.md).
   */
  const decoyHash = (): Promise<string> =>
    (decoy ??= hasher.hash(randomUUID()).catch((error: unknown) => {
      decoy = undefined;
      throw error;
    }));

  // Made before the first sign-in, which would otherwise take twice as long for an unknown user.
  decoyHash().catch(() => undefined);

  async function check(password: string, find: () => Promise<Account | null>): Promise<Authentication> {
    // Depends on the password alone, so that it tells nothing about the account.
    if (!isHashable(password)) return INVALID;
    const user = await find();
    const stored = user && hasher.isUsable(user.passwordHash) ? user.passwordHash : await decoyHash();
    const { ok, needsRehash } = await hasher.verify(stored, password);
    if (!ok || !user || user.status !== 'active') return INVALID;
    if (needsRehash) await renewHash(user, password);
    return { ok: true, user: toSessionUser(user), credentialEpoch: user.credentialEpoch };
  }

  /** Only if the hash is still the one that was checked: a password changed meanwhile stays changed. */
  async function renewHash(user: { id: string; passwordHash: string }, password: string): Promise<void> {
    try {
      const passwordHash = await hasher.hash(password);
      await prisma.user.updateMany({ where: { id: user.id, passwordHash: user.passwordHash }, data: { passwordHash } });
    } catch (error) {
      // It waits for the next sign-in.
      if (!(error instanceof TooBusyError)) throw error;
    }
  }

  async function unlessTooBusy(checking: Promise<Authentication>): Promise<Authentication> {
    try {
      return await checking;
    } catch (error) {
      if (error instanceof TooBusyError) return { ok: false, reason: 'TOO_BUSY' };
      throw error;
    }
  }

  return {
    authenticate: ({ identifier, password }: Credentials): Promise<Authentication> =>
      unlessTooBusy(check(password, () => findAccount(prisma, identifier))),

    async forSignIn(userId: string): Promise<SignInGrant | undefined> {
      const user = await prisma.user.findUnique({
        where: { id: whereText(userId) },
        select: { ...SESSION_USER_COLUMNS, credentialEpoch: true },
      });
      return user?.status === 'active' ? { user: toSessionUser(user), credentialEpoch: user.credentialEpoch } : undefined;
    },

    verifyPassword: (userId: string, password: string): Promise<Authentication> =>
      unlessTooBusy(check(password, async () => prisma.user.findUnique({ where: { id: whereText(userId) } }))),
  };
}

type Account = NonNullable<Awaited<ReturnType<typeof findAccount>>>;

/**
 * One query whichever it is. A user name that came from elsewhere may have an @ (`me@corp`), and is never an e-mail address: so
 * it is nobody else's. See django/account-of.ts.
 */
export async function findAccount(prisma: Database['prisma'], identifier: string) {
  const key = identifierKey(identifier);
  if (key === undefined) return null;
  if (!key.includes('@')) return prisma.user.findUnique({ where: { usernameKey: key } });
  const found = await prisma.user.findMany({ where: { OR: [{ emailKey: key }, { usernameKey: key }] }, take: 2 });
  return found.find(({ emailKey }) => emailKey === key) ?? found[0] ?? null;
}
