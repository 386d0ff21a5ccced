import { loginPath, REASONS, SIGNED_OUT_REASONS, type Reason } from '@gatehouse/contract';
import type { Request, Response } from 'express';
import { isNavigation } from './call-origin.ts';

/** Storage is asked again after this long. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Answers a request that is refused. A person who is signed out goes to the login screen and comes back after it;
 * a script gets JSON with the same reason, never a redirect that it would follow into a page.
 */
export function refuseRequest(req: Request, res: Response, reason: Reason): void {
  const { status, message } = REASONS[reason];
  res.setHeader('Cache-Control', 'no-store');
  if (status === 503) res.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  if (!isNavigation(req)) return void res.status(status).json({ error: { reason, message } });
  if (SIGNED_OUT_REASONS.has(reason))
    return res.redirect(302, loginPath({ next: req.originalUrl, ...(reason !== 'SIGN_IN_REQUIRED' && { reason }) }));
  res.status(status).type('text/plain').send(`${message}\n`);
}
