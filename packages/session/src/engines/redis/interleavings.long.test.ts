import './interleavings.test.ts';
