import './redis-account.test.ts';
