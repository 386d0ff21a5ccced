import type { SessionUser } from '@gatehouse/contract';
import type { ExpiryCookie } from './expiry-cookie.ts';
import type { Expiry } from './policy.ts';
import type { SessionToken } from './session-id.ts';
import type { SessionRecord, StoredData } from './session-record.ts';

/** The stored session that a session object was loaded from or stored as. */
export interface Snapshot {
  /** As last read or written. */
  readonly record: SessionRecord;
  /** The data that the object was made of; other requests' later changes are in the record and not here. */
  readonly base: StoredData;
  /** The user as of the load. */
  readonly user: SessionUser | null;
  /** With which the browser proves that the session is its own: of the request, or just issued. */
  readonly token: SessionToken;
}

/** What belongs to a session object and is no data. */
export interface ObjectState {
  /** undefined: it was never stored. */
  snapshot?: Snapshot | undefined;
  /** What `setExpiry` was given and storage does not have. */
  expiry?: Expiry | undefined;
  /** `session.cookie`, once it was asked for. */
  cookie?: ExpiryCookie | undefined;
}

const STATE = Symbol('session state');

/**
 * The state of a session object, under a name that is not enumerable: express-session copies a loaded object's own keys into a new
 * one, and everything enumerable would be stored. Not a WeakMap, of which every entry is work for the garbage collector.
 */
export function stateOf(session: object): ObjectState {
  const known = (session as { [STATE]?: ObjectState })[STATE];
  if (known) return known;
  const state: ObjectState = {};
  Object.defineProperty(session, STATE, { value: state });
  return state;
}

export const snapshotOf = (session: object): Snapshot | undefined => (session as { [STATE]?: ObjectState })[STATE]?.snapshot;
