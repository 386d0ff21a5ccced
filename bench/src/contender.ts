import type { RequestParts } from './load/request-text.ts';

/** A server under test: how its process is started, and what is asked of it. */
export interface Contender {
  readonly name: string;
  /** What it does for a request, in a line of the results. */
  readonly does: string;
  /** The program, relative to the project or absolute. */
  readonly entry: string;
  /** `port`: where it is to listen. */
  readonly env: (port: number) => Record<string, string>;
  /** With the cookie that signing in gave. */
  readonly me: RequestParts;
  readonly signIn: RequestParts;
  /** false: signing in is only how the load gets its cookie. */
  readonly measuresSignIn: boolean;
  readonly usesRedis: boolean;
}
