// For the tests of an app, with any test runner: `@gatehouse/server/testing`.
export { createTestClock, signInAs, type SignInAsOptions, type TestClock, type TestSession } from '@gatehouse/session/testing';
export { createTestGatehouse, TEST_PASSWORD, type TestAccount, type TestGatehouse, type TestGatehouseOptions } from './test-gatehouse.ts';
