/**
 * Every reason for refusing a call, with its tRPC code and HTTP status. The same reason appears as `data.reason` in tRPC errors,
 * in JSON responses of Express routes, and in `/login?reason=…`.
 */
export const REASONS = {
  SIGN_IN_REQUIRED: { code: 'UNAUTHORIZED', status: 401, message: 'Sign in to continue.' },
  SESSION_EXPIRED: { code: 'UNAUTHORIZED', status: 401, message: 'Your session has expired. Sign in again.' },
  SESSION_ENDED: { code: 'UNAUTHORIZED', status: 401, message: 'Your session has ended. Sign in again.' },
  INVALID_CREDENTIALS: { code: 'UNAUTHORIZED', status: 401, message: 'Incorrect user name or password.' },
  TOO_MANY_ATTEMPTS: { code: 'TOO_MANY_REQUESTS', status: 429, message: 'Too many attempts. Try again later.' },
  AJAX_REQUIRED: { code: 'FORBIDDEN', status: 403, message: 'This request needs the header X-Requested-With: XMLHttpRequest.' },
  CROSS_SITE: { code: 'FORBIDDEN', status: 403, message: 'Requests from other sites are not allowed.' },
  HTTPS_REQUIRED: {
    code: 'FORBIDDEN',
    status: 403,
    message: 'Sessions require https, and this request came over http. A proxy in front must send X-Forwarded-Proto.',
  },
  ROLE_REQUIRED: { code: 'FORBIDDEN', status: 403, message: 'Your account is not allowed to do this.' },
  REAUTHENTICATION_REQUIRED: { code: 'FORBIDDEN', status: 403, message: 'Confirm your password to continue.' },
  WRONG_PASSWORD: { code: 'FORBIDDEN', status: 403, message: 'Incorrect password.' },
  OWN_ACCOUNT: { code: 'FORBIDDEN', status: 403, message: 'You cannot do this to your own account. Ask another administrator.' },
  USER_CHANGED: {
    code: 'PRECONDITION_FAILED',
    status: 412,
    message: 'A different user is signed in now. Nothing was changed.',
  },
  INVALID_INPUT: { code: 'BAD_REQUEST', status: 400, message: 'Some fields need attention.' },
  ONCE_A_REQUEST: { code: 'BAD_REQUEST', status: 400, message: 'This can be called only once per request. Send a separate request.' },
  NOT_FOUND: { code: 'NOT_FOUND', status: 404, message: 'Not found.' },
  METHOD_NOT_ALLOWED: { code: 'METHOD_NOT_SUPPORTED', status: 405, message: 'This method is not allowed here.' },
  JSON_REQUIRED: { code: 'UNSUPPORTED_MEDIA_TYPE', status: 415, message: 'Send application/json.' },
  TOO_LARGE: { code: 'PAYLOAD_TOO_LARGE', status: 413, message: 'The request is too large.' },
  CONFLICT: { code: 'CONFLICT', status: 409, message: 'Someone else changed this at the same time. Try again.' },
  TOO_BUSY: { code: 'SERVICE_UNAVAILABLE', status: 503, message: 'Too many sign-ins at the same time. Try again in a moment.' },
  STORAGE_UNAVAILABLE: {
    code: 'SERVICE_UNAVAILABLE',
    status: 503,
    message: 'Session storage is unavailable. Try again shortly.',
  },
  NO_ACCOUNTS: {
    code: 'NOT_IMPLEMENTED',
    status: 501,
    message: 'This server does not manage accounts. Its users come from another system.',
  },
  INTERNAL: { code: 'INTERNAL_SERVER_ERROR', status: 500, message: 'Something went wrong.' },
} as const;

export type Reason = keyof typeof REASONS;

/** The reasons that mean: there is no session, so the user must sign in. */
export type SignedOutReason = 'SIGN_IN_REQUIRED' | 'SESSION_EXPIRED' | 'SESSION_ENDED';

export const SIGNED_OUT_REASONS: ReadonlySet<string> = new Set<SignedOutReason>(['SIGN_IN_REQUIRED', 'SESSION_EXPIRED', 'SESSION_ENDED']);

export const isReason = (value: unknown): value is Reason => typeof value === 'string' && Object.hasOwn(REASONS, value);
