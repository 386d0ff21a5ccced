import type { IncomingMessage, ServerResponse } from 'node:http';
import { TOKEN_HEADER, TRANSPORT_BEARER, TRANSPORT_HEADER } from '@gatehouse/contract';
import signature from 'cookie-signature';
import vary from 'vary';
import type { LiveSession } from './live-session.ts';
import { issuedSignature, type Presented } from './presented-cookies.ts';
import { isBearerId } from './session-cookie.ts';
import { hashSecret, parseToken } from './session-id.ts';

/** A request whose session comes from the Authorization header, and not from a cookie. */
export interface BearerRequest {
  readonly presented: Presented;
}

/** How our tokens begin. Other tokens are for the app itself: they change nothing about the session of the cookie. */
const OURS = /^Bearer +(ses_[^\s,]+) *$/i;

/**
 * The request's token, if it has one of ours, or requests one with `X-Gatehouse-Transport: bearer`. The cookies of such a request are
 * neither read nor changed, also if the token is refused: the cookie of a browser must not decide what a call with a token may do.
 */
export function bearerIn(req: IncomingMessage, secrets: readonly string[]): BearerRequest | undefined {
  const text = OURS.exec(req.headers.authorization ?? '')?.[1];
  const asks = String(req.headers[TRANSPORT_HEADER.toLowerCase()] ?? '').toLowerCase() === TRANSPORT_BEARER;
  if (text === undefined && !asks) return undefined;
  return { presented: { count: text === undefined ? 0 : 1, read: () => readPresented(text, secrets) } };
}

/** The signature is checked because a signed token may end its session however old its secret is: a public id alone must not. */
function readPresented(text: string | undefined, secrets: readonly string[]) {
  const id = text === undefined ? undefined : issuedSignature(text, secrets);
  const token = id === undefined || !isBearerId(id) ? undefined : parseToken(id);
  return {
    token,
    secretHash: token && hashSecret(token.secret),
    isIssued: token !== undefined,
    isAmbiguous: false,
    hasOlder: false,
    hasForeign: false,
  };
}

/**
 * Writes the token of a new session or of a new secret into the response, never a cookie. After a sign-out the header is empty: the client
 * forgets its token. A 401 says that a token is needed (RFC 6750, 3).
 */
export function writeToken(res: ServerResponse, session: LiveSession | undefined, { presented, secret }: TokenOptions): void {
  vary(res, 'Authorization');
  if (res.statusCode === 401 && !res.hasHeader('WWW-Authenticate')) {
    const isRefused = presented.count > 0 && session?.state().signedIn === false;
    res.setHeader('WWW-Authenticate', `Bearer realm="gatehouse"${isRefused ? ', error="invalid_token"' : ''}`);
  }
  const due = session?.cookie();
  if (due === undefined || (due !== 'expire' && !due.isNew)) return;
  res.setHeader(TOKEN_HEADER, due === 'expire' ? '' : signature.sign(due.id, secret));
  res.setHeader('Cache-Control', 'no-store');
}

interface TokenOptions {
  readonly presented: Presented;
  /** Signs. */
  readonly secret: string;
}
