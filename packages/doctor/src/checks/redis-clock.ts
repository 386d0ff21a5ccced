import { skipped } from '../check.ts';
import { judgeClock } from '../judge-clock.ts';
import { onRedis } from '../on-redis.ts';

/** The same as `database-clock`, for Redis. */
export const redisClock = onRedis('redis-clock', ({ clock }) =>
  clock ? judgeClock('Redis', clock) : skipped('This Redis account may not run TIME.'),
);
