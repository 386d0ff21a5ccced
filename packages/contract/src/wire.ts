/** Where the tRPC router is mounted. */
export const TRPC_PATH = '/trpc';

/** The SPA's login screen, and where page guards redirect to. */
export const LOGIN_PATH = '/login';

/**
 * The header of Django's `is_ajax`, from jQuery and before. A browser does not send it cross-site without
 * a CORS preflight, which this server does not grant: that is what makes it a defence.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export const AJAX_HEADER = 'X-Requested-With';
export const AJAX_HEADER_VALUE = 'XMLHttpRequest';

/**
 * Says that no person caused this request: a timer, a live stream, code that is preloaded. The session is read as it is: the
 * request counts as no activity, so it does not postpone the session's end. Heeded on GET and HEAD only, because a change is an act.
 */
export const BACKGROUND_HEADER = 'X-Gatehouse-Background';
export const BACKGROUND_HEADER_VALUE = '1';

/**
 * The id of the user that a call was made for. If another user is signed in by the time it arrives, it is refused with
 * `USER_CHANGED`, before anything happens. Optional: a call without it is made for whoever is signed in.
 */
export const USER_HEADER = 'X-Gatehouse-User';

/** Most calls in one tRPC batch. */
export const MAX_BATCH_SIZE = 10;

/**
 * Procedures that read many rows: each is run once in a request, or ten calls of one batch would cost the server ten times what they
 * cost their sender. A second call of the same is answered `ONCE_A_REQUEST`; the others of the batch are not affected.
 */
export const ONCE_A_REQUEST: ReadonlySet<string> = new Set([
  'account.recentActivity',
  'sessions.list',
  'admin.audit',
  'admin.overview',
  'admin.users.list',
  'admin.users.sessions',
]);

/** Most bytes in one request body. */
export const MAX_BODY_BYTES = 64 * 1024;
