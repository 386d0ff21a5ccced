import type { IncomingMessage, ServerResponse } from 'node:http';
import { REASONS, SIGNED_OUT_REASONS, type Reason } from '@gatehouse/contract';
import { isNavigation } from './call-origin.ts';
import { signInUrl } from './sign-in-path.ts';

/** Storage is asked again after this long. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Answers a request that is refused. A person who is signed out goes to the login screen and comes back after it;
 * a script gets JSON with the same reason, never a redirect that it would follow into a page.
 */
export function refuseRequest(req: IncomingMessage, res: ServerResponse, reason: Reason): void {
  const { status, message } = REASONS[reason];
  res.setHeader('Cache-Control', 'no-store');
  if (status === 503) res.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  if (!isNavigation(req)) return send(res, status, 'application/json', JSON.stringify({ error: { reason, message } }));
  if (!SIGNED_OUT_REASONS.has(reason)) return send(res, status, 'text/plain', `${message}\n`);
  res.setHeader('Location', signInUrl(req, reason));
  send(res, 302, 'text/plain', `${message}\n`);
}

/** With what every Node server has: `status`, `json` and `redirect` are Express' own. */
function send(res: ServerResponse, status: number, type: string, body: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}
