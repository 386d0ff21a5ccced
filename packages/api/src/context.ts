import type { AccountsPort, RequestInfo, SessionPort, SessionsPort } from './ports.ts';

/** Created once per HTTP request and shared by the calls of a batch. */
export interface Context {
  readonly call: RequestInfo;
  readonly session: SessionPort;
  readonly sessions: SessionsPort;
  readonly accounts: AccountsPort;
  /** The server's clock. */
  readonly now: () => Date;
  /** Identifies the request in the log. 5xx responses contain nothing else about the error. */
  readonly requestId: string;
}
