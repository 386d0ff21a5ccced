import { killSuite } from './test-support/kill-suite.ts';

// The rounds are in kill.long.test.ts.
killSuite(() => 1);
