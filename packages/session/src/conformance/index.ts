export { LIFETIMES, type EngineFixture, type OpenFixture, type TestAccounts, type TestClock, type TestUser } from './engine-fixture.ts';
export { engineConformance } from './engine-conformance.ts';
