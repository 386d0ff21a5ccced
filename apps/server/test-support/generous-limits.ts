/** For tests that are not about limits, and sign in often and concurrently from one address. */
export const GENEROUS_LIMITS = { SIGN_IN_LIMIT_ACCOUNT: '1000', SIGN_IN_LIMIT_ADDRESS: '1000' };
