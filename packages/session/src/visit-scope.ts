import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoadOutcome, Visit } from './engine-port.ts';

/**
 * What the store must know of the request it loads for, and what the request must know of the load.
 * express-session hands its store an id and no request.
 */
export interface VisitScope extends Visit {
  /** No person caused the request: neither loading nor saving is activity. */
  readonly background: boolean;
  /** Of the id in the cookie; undefined if there was none, or none with a valid signature. */
  key: string | undefined;
  /** What became of it. */
  outcome: LoadOutcome['status'] | undefined;
  /** Another has taken its place: the browser has the cookie of that one, or is about to get it. */
  replaced?: boolean;
  /** The load wrote activity or a new expiry, so the cookie is due. */
  slid: boolean;
  /** @throws UndeliverableCookieError if nobody would have the id of a session that is created now. */
  readonly assertDeliverable: () => void;
}

/** A visit that may know whether a new session's cookie reaches the browser. */
export type CreatingVisit = Visit & Partial<Pick<VisitScope, 'assertDeliverable'>>;

export const visitScope = new AsyncLocalStorage<VisitScope>();
