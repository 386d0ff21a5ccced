import type { IncomingMessage, ServerResponse } from 'node:http';
import { REASONS, SIGNED_OUT_REASONS, type Reason } from '@gatehouse/contract';
import { usesBearer } from './bearer-request.ts';
import { isNavigation } from './call-origin.ts';
import { signInUrl } from './sign-in-path.ts';

/** `Retry-After` of a 503. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Refuses a request. A navigation of a signed-out person is redirected to the login page and returns after it. A script
 * gets JSON with the reason, never a redirect.
 */
export function refuseRequest(req: IncomingMessage, res: ServerResponse, reason: Reason): void {
  const { status, message } = REASONS[reason];
  res.setHeader('Cache-Control', 'no-store');
  if (status === 503) res.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  if (usesBearer(req) || !isNavigation(req)) return send(res, status, 'application/json', JSON.stringify({ error: { reason, message } }));
  if (!SIGNED_OUT_REASONS.has(reason)) return send(res, status, 'text/plain', `${message}\n`);
  res.setHeader('Location', signInUrl(req, reason));
  send(res, 302, 'text/plain', `${message}\n`);
}

/** Uses plain Node only, because `status`, `json` and `redirect` exist in Express alone. */
function send(res: ServerResponse, status: number, type: string, body: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}
