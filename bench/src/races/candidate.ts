import type { ErrorRequestHandler, Request, RequestHandler } from 'express';

/** A session set-up under test, with the three things the races do to a session. */
export interface Candidate {
  readonly name: string;
  readonly sessions: RequestHandler;
  /** Answers for what the set-up throws, where it has a handler of its own. */
  readonly errors?: ErrorRequestHandler;
  /** Ends the session, in the way its documentation says. */
  readonly signOut: (req: Request) => Promise<void>;
  /** Adds one to a counter in the session, in the way its documentation says. */
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
    visitor?: string;
    draft?: string;
    left?: string;
    right?: string;
    count?: number;
  }
}
