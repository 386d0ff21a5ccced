import './redis-failover.test.ts';
