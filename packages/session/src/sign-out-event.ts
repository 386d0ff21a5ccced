import type { SessionUser } from '@gatehouse/contract';
import type { Request } from 'express';
import type { ClientInfo } from './engine-port.ts';
import { warnOnce } from './warn-once.ts';

/** A session that its own user has ended: `flush`, `req.session.destroy()`, `regenerate()`, or `req.session = null`. */
export interface SignOutEvent {
  readonly user: SessionUser;
  /** Public id of the ended session, `ses_…`. */
  readonly handle: string;
  /** Client of the request. */
  readonly client: ClientInfo;
}

/** The sign-out waits for it. */
export type OnSignOut = (event: SignOutEvent, req: Request) => Promise<void> | void;

/** The session has ended, whatever happens here. */
export async function notifySignOut(onSignOut: OnSignOut | undefined, event: SignOutEvent, req: Request): Promise<void> {
  try {
    await onSignOut?.(event, req);
  } catch (error) {
    warnOnce('GATEHOUSE_ON_SIGN_OUT', `onSignOut failed. The user is signed out anyway. ${String(error)}`);
  }
}
