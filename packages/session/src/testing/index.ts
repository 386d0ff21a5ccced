// For the tests of an app, with any test runner: `@gatehouse/session/testing`.
export { signInAs, type AppWithSessions, type SignInAsOptions, type TestSession } from './sign-in-as.ts';
export { createTestClock, type TestClock } from './test-clock.ts';
export { createTestSessions, type TestSessions, type TestSessionsOptions } from './test-sessions.ts';
export { createTestUsers, type TestUsers } from './test-users.ts';
