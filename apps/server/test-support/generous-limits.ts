/** Out of the way of tests that are about something else and sign in often, at once and all from one address. */
export const GENEROUS_LIMITS = { SIGN_IN_LIMIT_ACCOUNT: '1000', SIGN_IN_LIMIT_ADDRESS: '1000' };
