import type { ErrorRequestHandler, Request, RequestHandler } from 'express';

/** A session set-up under test, with the operations that the races use. */
export interface Candidate {
  readonly name: string;
  readonly sessions: RequestHandler;
  /** The error handler of the set-up, if it has one. */
  readonly errors?: ErrorRequestHandler;
  /** Ends the session as the set-up's documentation recommends. */
  readonly signOut: (req: Request) => Promise<void>;
  /** Adds one to a counter in the session as the set-up's documentation recommends. */
  readonly increment: (req: Request) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Why a candidate cannot run here. */
export interface Missing {
  readonly name: string;
  readonly missing: string;
}

declare module 'express-session' {
  interface SessionData {
    signedInAs?: string;
    draft?: string;
    left?: string;
    right?: string;
    count?: number;
  }
}
