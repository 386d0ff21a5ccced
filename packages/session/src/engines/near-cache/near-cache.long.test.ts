import './near-cache.test.ts';
