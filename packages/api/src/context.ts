import type { CustomContext } from './custom-context.ts';
import type { AccountsPort, RequestInfo, SessionPort, SessionsPort } from './ports.ts';

/** What Gatehouse's own procedures need from the server. */
export interface GatehouseContext {
  readonly call: RequestInfo;
  readonly session: SessionPort;
  readonly sessions: SessionsPort;
  readonly accounts: AccountsPort;
  /** The server's clock. */
  readonly now: () => Date;
  /** Identifies the request in the log. 5xx responses contain nothing else about the error. */
  readonly requestId: string;
}

/** One per HTTP request: the calls of a batch share it. */
export interface Context extends GatehouseContext, CustomContext {}
