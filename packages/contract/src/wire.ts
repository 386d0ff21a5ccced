/** Where the tRPC router is mounted. */
export const TRPC_PATH = '/trpc';

/** The login page, where page guards redirect to. */
export const LOGIN_PATH = '/login';

/**
 * CSRF defence: browsers send this header cross-site only after a CORS preflight, which this server does not allow.
 * jQuery introduced it, and Django's `is_ajax` read it.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export const AJAX_HEADER = 'X-Requested-With';
export const AJAX_HEADER_VALUE = 'XMLHttpRequest';

/**
 * Marks a request that the user did not cause: a timer, a live stream, preloading. It does not count as activity, so it does not
 * extend the session. Only respected on GET and HEAD, because a change always counts as activity.
 */
export const BACKGROUND_HEADER = 'X-Gatehouse-Background';
export const BACKGROUND_HEADER_VALUE = '1';

/**
 * The id of the user that a call was made for. If a different user is signed in when it arrives, it is refused with
 * `USER_CHANGED` before it runs. Optional: without it, the call runs as the user who is signed in.
 */
export const USER_HEADER = 'X-Gatehouse-User';

/**
 * `X-Gatehouse-Transport: bearer` on a sign-in asks for the session as a token instead of a cookie, where the server offers that
 * (`SESSION_BEARER`). The token is then sent as `Authorization: Bearer …`.
 */
export const TRANSPORT_HEADER = 'X-Gatehouse-Transport';
export const TRANSPORT_BEARER = 'bearer';

/** Of a response: the token to use from now on. Empty: the session has ended, forget the token. Absent: the token stays. */
export const TOKEN_HEADER = 'X-Gatehouse-Token';

/** Maximum number of calls in a tRPC batch. */
export const MAX_BATCH_SIZE = 10;

/**
 * Procedures that read many rows. Each runs at most once per request, so that a batch of ten calls does not multiply the cost for the
 * server. A second call of the same procedure is refused with `ONCE_A_REQUEST`; the other calls of the batch are not affected.
 */
export const ONCE_A_REQUEST: ReadonlySet<string> = new Set([
  'account.recentActivity',
  'sessions.list',
  'admin.audit',
  'admin.overview',
  'admin.users.list',
  'admin.users.sessions',
]);

/** Maximum size of a request body. */
export const MAX_BODY_BYTES = 64 * 1024;
