import type { SessionUser } from '@gatehouse/contract';
import type { SessionRecord } from './session-record.ts';
import type { Serialized } from './session-values.ts';

/** Where a session object of this process came from: a session without one was never stored. */
export interface Origin {
  /** As last read or written. */
  record: SessionRecord;
  /** The user as of the load. */
  user: SessionUser | null;
  /** The object's keys as of then: what it has since set, replaced or deleted is the difference. */
  stored: Serialized;
}

/**
 * Origins of session objects, each under a name that no one else has and that is not enumerable: express-session copies
 * a loaded object's own keys into a new one, and everything in it would be stored. Not a WeakMap, of which every entry is
 * work for the garbage collector: two for each request.
 */
export function createOrigins() {
  const ORIGIN = Symbol('origin');
  type WithOrigin = { [ORIGIN]?: Origin };
  const set = (session: object, origin: Origin): void => {
    Object.defineProperty(session, ORIGIN, { value: origin, configurable: true });
  };
  return {
    of: (session: object): Origin | undefined => (session as WithOrigin)[ORIGIN],
    set,
    /** express-session makes its Session from what the store gave it. */
    carry(from: object, to: object): void {
      const origin = (from as WithOrigin)[ORIGIN];
      if (origin) set(to, origin);
    },
  };
}

export type Origins = ReturnType<typeof createOrigins>;
