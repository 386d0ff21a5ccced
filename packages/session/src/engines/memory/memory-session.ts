import type { EngineOptions } from '../../engine-options.ts';
import type { ClientInfo, LiveSession, SessionRecord, SessionSecrets } from '../../engine-port.ts';
import { UnreadableUserError, type FoundUser, type UserSource } from '../../user-source.ts';
import { isSessionRecord } from '../is-session-record.ts';
import { findUser } from '../users-of.ts';
import type { MemoryEntry, MemoryStorage } from './memory-storage.ts';

/** A user as the source has them now; undefined: there is none, or the user may not sign in. */
export type KnownUser = FoundUser | UnreadableUserError | undefined;

/** Asks the source; for a session of nobody it asks nobody. */
export async function askUser(users: UserSource, userId: string | null): Promise<KnownUser> {
  if (userId === null) return undefined;
  try {
    return await findUser(users, userId);
  } catch (error) {
    if (error instanceof UnreadableUserError) return error;
    throw error;
  }
}

/** undefined: nobody's session, or a user whom this version cannot read. */
export const roleOf = (user: KnownUser): string | undefined => (user && 'user' in user ? user.user.role : undefined);

/** A session has ended when the account's epoch is past its own. One whose user this version cannot read has not ended. */
export const isUserBehind = ({ userId, credentialEpoch }: SessionRecord, user: KnownUser): boolean =>
  userId === null || user instanceof UnreadableUserError || (user !== undefined && credentialEpoch >= user.credentialEpoch);

export interface SessionReaderParts {
  readonly storage: MemoryStorage;
  readonly onCorrupt: EngineOptions['onCorrupt'] | undefined;
}

export type SessionReader = (entry: MemoryEntry, user: KnownUser) => LiveSession | undefined;

/** Makes copies of what is stored, so that nobody outside holds it. What cannot be read is reported; a damaged record is removed. */
export const sessionReader =
  ({ storage, onCorrupt }: SessionReaderParts): SessionReader =>
  ({ record }, user) => {
    const { handle, userId } = record;
    const error = isSessionRecord(record) ? user : new TypeError('This is no record of a session.');
    if (error instanceof Error) {
      onCorrupt?.({ engine: 'memory', handle, error });
      if (error !== user) storage.entries.delete(handle);
      return undefined;
    }
    return { record: structuredClone(record), user: userId === null ? null : structuredClone(error?.user ?? null) };
  };

// A caller may give a whole record where only some of its fields are asked for.

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
