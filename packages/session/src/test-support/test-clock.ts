export { createTestClock } from '../testing/test-clock.ts';
