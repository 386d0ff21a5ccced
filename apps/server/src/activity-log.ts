import type { Accounts } from '@gatehouse/accounts';
import type { ActivityKind } from '@gatehouse/contract';
import { clientAddress, sessionOf } from '@gatehouse/session';
import type { Request } from 'express';
import type { Logger } from './logger.ts';

export interface ActivityLog {
  /** `handle`: of the session concerned; default the request's. */
  record(req: Request, kind: ActivityKind, userId: string, handle?: string | null): Promise<void>;
  /** For the owner of the account that was tried, if there is one. */
  signInFailed(req: Request, identifier: string, options: { locks: boolean }): Promise<void>;
  /** Refused untried. Only logged: a list of what a stranger keeps trying would bury everything else. */
  passwordThrottled(req: Request): void;
}

/** What happened to an account, for its owner to see. A write that fails is logged and never fails the request. */
export function createActivityLog(accounts: Accounts, logger: Logger): ActivityLog {
  async function write(req: Request, kind: ActivityKind, userId: string, handle?: string | null): Promise<void> {
    const event = {
      userId,
      kind,
      at: new Date(),
      ip: clientAddress(req),
      userAgent: req.get('user-agent') ?? null,
      handle: handle === undefined ? (sessionOf(req).handle() ?? null) : handle,
    };
    logger.info({ event: kind, userId, handle: event.handle, ip: event.ip }, kind);
    try {
      await accounts.recordActivity(event);
    } catch (error) {
      logger.error({ err: error, event: kind }, 'An activity could not be recorded.');
    }
  }
  return {
    record: write,
    async signInFailed(req, identifier, { locks }) {
      // The account is looked up again for known and unknown names alike: the time tells nobody which it was.
      try {
        const user = await accounts.findUser(identifier);
        if (!user) return logger.info({ event: 'sign_in_failed', ip: clientAddress(req) }, 'sign_in_failed');
        void write(req, 'sign_in_failed', user.id, null);
        if (locks) void write(req, 'locked', user.id, null);
      } catch (error) {
        logger.error({ err: error }, 'An activity could not be recorded.');
      }
    },
    passwordThrottled: (req) => logger.info({ event: 'password_throttled', ip: clientAddress(req) }, 'password_throttled'),
  };
}
