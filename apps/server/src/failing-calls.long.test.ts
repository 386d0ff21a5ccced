import './failing-calls.test.ts';
