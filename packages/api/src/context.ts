import type { CustomContext } from './custom-context.ts';
import type { AccountsPort, CallFacts, SessionPort, SessionsPort } from './ports.ts';

/** What Gatehouse's own procedures ask of the server. */
export interface GatehouseContext {
  readonly call: CallFacts;
  readonly session: SessionPort;
  readonly sessions: SessionsPort;
  readonly accounts: AccountsPort;
  /** The server's clock. */
  readonly now: () => Date;
  /** Names this request in the log; sent with answers of 5xx and nothing else. */
  readonly requestId: string;
}

/** One per HTTP request: the calls of a batch share it. */
export interface Context extends GatehouseContext, CustomContext {}
