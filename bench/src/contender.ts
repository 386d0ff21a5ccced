import type { RequestParts } from './load/request-text.ts';

/** A server under test: how to start its process, and the requests to send. */
export interface Contender {
  readonly name: string;
  /** What the server does for a request, in one line for the results. */
  readonly description: string;
  /** Path of the program, absolute or relative to the project. */
  readonly entry: string;
  readonly env: (port: number) => Record<string, string>;
  /** Sent with the cookie of the sign-in. */
  readonly me: RequestParts;
  readonly signIn: RequestParts;
  /** false: `signIn` only gets the cookie and is not measured. */
  readonly measuresSignIn: boolean;
  readonly usesRedis: boolean;
  /** Answers 200 as soon as the server is ready. Default: it is ready when it answers the sign-in. */
  readonly readyPath?: string;
}
