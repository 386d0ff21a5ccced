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
 * Origins by session object. Kept beside the objects, not in them: express-session copies a loaded object's
 * own keys into a new one, and everything in it would be stored.
 */
export function createOrigins() {
  const origins = new WeakMap<object, Origin>();
  return {
    of: (session: object): Origin | undefined => origins.get(session),
    set: (session: object, origin: Origin): void => void origins.set(session, origin),
    /** express-session makes its Session from what the store gave it. */
    carry(from: object, to: object): void {
      const origin = origins.get(from);
      if (origin) origins.set(to, origin);
    },
  };
}

export type Origins = ReturnType<typeof createOrigins>;
