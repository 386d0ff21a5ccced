import type { SessionData as DeclaredData, SessionIdentity } from '@gatehouse/contract';
import 'express-session';

declare module 'express-session' {
  /** Types of `req.session`: the application's keys and the signed-in user. */
  interface SessionData extends DeclaredData, Partial<SessionIdentity> {}
}
