import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { runApp, type RunAppOptions, type RunningApp } from './running-app.ts';

/** The engines that this machine can test. */
export const ENGINES = REDIS_AVAILABLE ? (['db', 'redis', 'cached_db'] as const) : (['db'] as const);

/** The real app on one engine, with its own Redis if the engine needs one. */
export async function runAppOn(
  engine: (typeof ENGINES)[number],
  env: Record<string, string> = {},
  options: RunAppOptions = {},
): Promise<RunningApp> {
  if (engine === 'db') return runApp(env, options);
  const redis = await startRedis();
  const app = await runApp({ ...env, SESSION_ENGINE: engine, REDIS_URL: redis.url }, options);
  return {
    ...app,
    async close() {
      await app.close();
      await redis.stop();
    },
  };
}
