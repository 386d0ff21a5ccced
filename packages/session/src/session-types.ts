import type { SessionData as DeclaredData, SessionIdentity } from '@gatehouse/contract';
import 'express-session';

declare module 'express-session' {
  /** `req.session` by the contract: the application's keys, and who is signed in. */
  interface SessionData extends DeclaredData, Partial<SessionIdentity> {}
}
