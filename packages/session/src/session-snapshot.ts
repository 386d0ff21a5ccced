import type { SessionUser } from '@gatehouse/contract';
import type { ExpiryCookie } from './expiry-cookie.ts';
import type { Expiry } from './policy.ts';
import type { SessionToken } from './session-id.ts';
import type { SessionRecord, StoredData, StoredSession } from './session-record.ts';

/** The stored session that a session object was loaded from or stored as. */
export interface Snapshot {
  /** As last read or written. */
  readonly record: SessionRecord;
  /** The data that the object was created from. Later changes by other requests are in the record, but not here. */
  readonly base: StoredData;
  /** The user as of the load. */
  readonly user: SessionUser | null;
  /** The browser's token: from the request, or just issued. */
  readonly token: SessionToken;
}

/** The snapshot of a session as storage has just returned or stored it. */
export const snapshotFrom = ({ record, user }: StoredSession, token: SessionToken): Snapshot => ({
  record,
  base: record.data,
  user,
  token,
});

/** State of a session object that is not data. */
export interface ObjectState {
  /** undefined if the session was never stored. */
  snapshot?: Snapshot | undefined;
  /** An expiry from `setExpiry` that is not stored yet. */
  expiry?: Expiry | undefined;
  /** `session.cookie`, created on first use. */
  cookie?: ExpiryCookie | undefined;
}

const STATE = Symbol('session state');

/**
 * The state of a session object, in a non-enumerable property: express-session copies a loaded object's own keys into a
 * new one, and every enumerable property would be stored. Not a WeakMap, because its entries slow down garbage
 * collection.
 */
export function stateOf(session: object): ObjectState {
  const known = (session as { [STATE]?: ObjectState })[STATE];
  if (known) return known;
  const state: ObjectState = {};
  Object.defineProperty(session, STATE, { value: state });
  return state;
}

export const snapshotOf = (session: object): Snapshot | undefined => (session as { [STATE]?: ObjectState })[STATE]?.snapshot;
