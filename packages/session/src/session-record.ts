import type { SessionUser } from '@gatehouse/contract';
import type { SessionTimestamps } from './policy.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The application's data as stored. */
export type StoredData = Readonly<Record<string, Json>>;

/** What is stored about the secret in the cookie. For the rules see secrets.ts. */
export interface SessionSecrets {
  /** base64url SHA-256 of the cookie's secret. */
  readonly secretHash: string;
  /** Hash of the secret before the last rotation; null: there is none, or it was invalidated. */
  readonly previousSecretHash: string | null;
  /** When the secret last changed, or when the session was created. Epoch milliseconds. */
  readonly rotatedAtMs: number;
  /** When a request first presented the current secret; null: not yet, so its cookie may have been lost. Epoch milliseconds. */
  readonly presentedAtMs: number | null;
}

/** A stored session. It contains a hash of the cookie's secret, never the secret. */
export interface SessionRecord extends SessionTimestamps, SessionSecrets {
  /** Public id and primary key, `ses_…`. Never changes. */
  readonly handle: string;
  readonly userId: string | null;
  /** The user's credential epoch at sign-in. A session with an older epoch than its account is ended. */
  readonly credentialEpoch: number;
  readonly data: StoredData;
  /** Incremented by every `update`, including rotations; not by a slide. */
  readonly version: number;
  /** Address of the last activity. */
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** A live session and its user, as both are now. */
export interface StoredSession {
  readonly record: SessionRecord;
  readonly user: SessionUser | null;
}
