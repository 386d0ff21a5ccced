import { openEngine } from '@gatehouse/session';
import { createTestUsers } from '@gatehouse/session/testing';
import { expect, test } from 'vitest';
import { withEngineMetrics } from './metrics-of-engine.ts';
import { createMetricsRegistry } from './metrics-registry.ts';

const LIFETIMES = { ageMs: 1000, absoluteAgeMs: 1000, sliding: true, activityIntervalMs: 0, expireAtBrowserClose: false };

test('hits, misses and the size of a near cache are metrics, and there are none without one', async () => {
  const engine = await openEngine('memory', { lifetimes: LIFETIMES, users: createTestUsers() });
  const without = await createMetricsRegistry();
  withEngineMetrics(engine, without);
  expect(await without.registry.metrics()).not.toContain('near_cache');

  const stats = { hits: 1, misses: 2, sessions: 1 };
  const metrics = await createMetricsRegistry();
  withEngineMetrics({ ...engine, nearCache: () => stats }, metrics);
  await metrics.registry.metrics();
  Object.assign(stats, { hits: 40, misses: 3, sessions: 2 });
  const text = await metrics.registry.metrics();
  expect(text).toContain('gatehouse_near_cache_loads_total{result="hit"} 40');
  expect(text).toContain('gatehouse_near_cache_loads_total{result="miss"} 3');
  expect(text).toContain('gatehouse_near_cache_sessions 2');
});
