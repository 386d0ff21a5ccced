/**
 * Why a call was refused: the sibling of tRPC's `data.code`, the same word in JSON answers of Express
 * routes and in the `reason` of `/login?reason=…`. Code and status are written here and nowhere else.
 */
export const REASONS = {
  SIGN_IN_REQUIRED: { code: 'UNAUTHORIZED', status: 401, message: 'Sign in to continue.' },
  SESSION_EXPIRED: { code: 'UNAUTHORIZED', status: 401, message: 'Your session has expired. Sign in again.' },
  SESSION_ENDED: { code: 'UNAUTHORIZED', status: 401, message: 'Your session has ended. Sign in again.' },
  INVALID_CREDENTIALS: { code: 'UNAUTHORIZED', status: 401, message: 'The user name or password is not right.' },
  TOO_MANY_ATTEMPTS: { code: 'TOO_MANY_REQUESTS', status: 429, message: 'Too many attempts. Try again later.' },
  AJAX_REQUIRED: { code: 'FORBIDDEN', status: 403, message: 'This call needs the header X-Requested-With: XMLHttpRequest.' },
  CROSS_SITE: { code: 'FORBIDDEN', status: 403, message: 'This call may not come from another site.' },
  HTTPS_REQUIRED: {
    code: 'FORBIDDEN',
    status: 403,
    message: 'Sessions here need https, and this call came over http. A proxy in front must send X-Forwarded-Proto.',
  },
  ROLE_REQUIRED: { code: 'FORBIDDEN', status: 403, message: 'Your account may not do this.' },
  REAUTHENTICATION_REQUIRED: { code: 'FORBIDDEN', status: 403, message: 'Enter your password again to do this.' },
  WRONG_PASSWORD: { code: 'FORBIDDEN', status: 403, message: 'This is not your password.' },
  OWN_ACCOUNT: { code: 'FORBIDDEN', status: 403, message: 'Ask another administrator to change your own account.' },
  USER_CHANGED: {
    code: 'PRECONDITION_FAILED',
    status: 412,
    message: 'Someone else is signed in here now. Nothing was changed.',
  },
  INVALID_INPUT: { code: 'BAD_REQUEST', status: 400, message: 'Some fields need attention.' },
  ONCE_A_REQUEST: { code: 'BAD_REQUEST', status: 400, message: 'This can be asked once in a request. Ask again in another one.' },
  NOT_FOUND: { code: 'NOT_FOUND', status: 404, message: 'There is nothing here.' },
  METHOD_NOT_ALLOWED: { code: 'METHOD_NOT_SUPPORTED', status: 405, message: 'This method is not allowed here.' },
  JSON_REQUIRED: { code: 'UNSUPPORTED_MEDIA_TYPE', status: 415, message: 'Send application/json.' },
  TOO_LARGE: { code: 'PAYLOAD_TOO_LARGE', status: 413, message: 'The request is too large.' },
  CONFLICT: { code: 'CONFLICT', status: 409, message: 'It was changed by someone else at the same time. Try again.' },
  TOO_BUSY: { code: 'SERVICE_UNAVAILABLE', status: 503, message: 'Too many sign-ins at once. Try again in a moment.' },
  STORAGE_UNAVAILABLE: {
    code: 'SERVICE_UNAVAILABLE',
    status: 503,
    message: 'Sessions cannot be reached at the moment. Try again shortly.',
  },
  INTERNAL: { code: 'INTERNAL_SERVER_ERROR', status: 500, message: 'Something went wrong.' },
} as const;

export type Reason = keyof typeof REASONS;

/** The reasons that mean: there is no session, go and sign in. */
export type SignedOutReason = 'SIGN_IN_REQUIRED' | 'SESSION_EXPIRED' | 'SESSION_ENDED';

export const SIGNED_OUT_REASONS: ReadonlySet<string> = new Set<SignedOutReason>(['SIGN_IN_REQUIRED', 'SESSION_EXPIRED', 'SESSION_ENDED']);

export const isReason = (value: unknown): value is Reason => typeof value === 'string' && Object.hasOwn(REASONS, value);
