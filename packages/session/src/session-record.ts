import type { SessionUser } from '@gatehouse/contract';
import type { SessionTimestamps } from './policy.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The application's keys as storage holds them. */
export type StoredData = Readonly<Record<string, Json>>;

/** What storage holds of the secret in the cookie: see secrets.ts for the rules. */
export interface SessionSecrets {
  /** base64url SHA-256 of the cookie's secret. */
  readonly secretHash: string;
  /** Hash of the secret before the last rotation; null: none, or it was refused at once. */
  readonly previousSecretHash: string | null;
  /** When the secret was last changed; for a session that never rotated, when it was created. Epoch milliseconds. */
  readonly rotatedAtMs: number;
  /** When a request first presented the current secret; null: none has yet, so its cookie may have been lost. */
  readonly presentedAtMs: number | null;
}

/** One stored session. The secret in the cookie is not in it, only its hash. */
export interface SessionRecord extends SessionTimestamps, SessionSecrets {
  /** Public id and primary key, `ses_…`. Stays the same for the session's whole life. */
  readonly handle: string;
  readonly userId: string | null;
  /** The user's credential epoch at sign-in. A session older than the account's epoch is ended. */
  readonly credentialEpoch: number;
  readonly data: StoredData;
  /** Raised by every `update`, so by data writes and rotations; not by a slide. */
  readonly version: number;
  /** Of the last activity. */
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** A live session and its user as they are now. */
export interface LiveSession {
  readonly record: SessionRecord;
  readonly user: SessionUser | null;
}
