import type { EngineOptions } from '../../engine-options.ts';
import type { ClientInfo, StoredSession, SessionRecord, SessionSecrets } from '../../engine-port.ts';
import { UnreadableUserError, type FoundUser, type UserSource } from '../../user-source.ts';
import { isSessionRecord } from '../is-session-record.ts';
import { findUser } from '../users-of.ts';
import type { MemoryEntry, MemoryStorage } from './memory-storage.ts';

/** A user as in the source; undefined if the user does not exist or may not sign in. */
export type KnownUser = FoundUser | UnreadableUserError | undefined;

/** Looks up the user; undefined for an anonymous session. */
export async function askUser(users: UserSource, userId: string | null): Promise<KnownUser> {
  if (userId === null) return undefined;
  try {
    return await findUser(users, userId);
  } catch (error) {
    if (error instanceof UnreadableUserError) return error;
    throw error;
  }
}

/** undefined for an anonymous session, or a user that this version cannot read. */
export const roleOf = (user: KnownUser): string | undefined => (user && 'user' in user ? user.user.role : undefined);

/**
 * Whether the session's user may have it. A session ends when the account's epoch exceeds its own, but not because this
 * version cannot read the user.
 */
export const isUserActive = ({ userId, credentialEpoch }: SessionRecord, user: KnownUser): boolean =>
  userId === null || user instanceof UnreadableUserError || (user !== undefined && credentialEpoch >= user.credentialEpoch);

export interface SessionReaderParts {
  readonly storage: MemoryStorage;
  readonly onCorrupt: EngineOptions['onCorrupt'] | undefined;
}

export type SessionReader = (entry: MemoryEntry, user: KnownUser) => StoredSession | undefined;

/** Returns copies, so that callers hold no stored object. Unreadable entries are reported; damaged records are removed. */
export const sessionReader =
  ({ storage, onCorrupt }: SessionReaderParts): SessionReader =>
  ({ record }, user) => {
    const { handle, userId } = record;
    const error = isSessionRecord(record) ? user : new TypeError('This is not a session record.');
    if (error instanceof Error) {
      onCorrupt?.({ engine: 'memory', handle, error });
      if (error !== user) storage.entries.delete(handle);
      return undefined;
    }
    return { record: structuredClone(record), user: userId === null ? null : structuredClone(error?.user ?? null) };
  };

// Callers may pass a whole record where only some fields are expected.

export const secretsOf = (given: SessionSecrets | undefined): Partial<SessionSecrets> =>
  given
    ? {
        secretHash: given.secretHash,
        previousSecretHash: given.previousSecretHash,
        rotatedAtMs: given.rotatedAtMs,
        presentedAtMs: given.presentedAtMs,
      }
    : {};

export const clientOf = (given: ClientInfo | undefined): Partial<ClientInfo> => (given ? { ip: given.ip, userAgent: given.userAgent } : {});
