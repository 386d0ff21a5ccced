import './redis-engine.test.ts';
