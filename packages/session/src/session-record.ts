import type { SessionUser } from '@gatehouse/contract';
import type { Clocks } from './policy.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The application's keys as storage holds them. */
export type StoredData = Readonly<Record<string, Json>>;

/** One stored session. The id in the cookie is not in it, only its hash. */
export interface SessionRecord extends Clocks {
  /** base64url SHA-256 of the cookie's id. */
  readonly key: string;
  /** Public name, `ses_…`. */
  readonly handle: string;
  readonly userId: string | null;
  /** The user's credential epoch when the session was made. */
  readonly credentialEpoch: number;
  readonly data: StoredData;
  /** Raised by every data write. */
  readonly version: number;
  /** Of the last activity. */
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** A live session and, as they are now, its user. */
export interface LiveSession {
  readonly record: SessionRecord;
  readonly user: SessionUser | null;
}
