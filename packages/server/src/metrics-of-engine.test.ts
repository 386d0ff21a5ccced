import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from '@gatehouse/session';
import { createTestUsers } from '@gatehouse/session/testing';
import { expect, test } from 'vitest';
import { ENGINE_OPERATIONS, withEngineMetrics } from './metrics-of-engine.ts';
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

test('counters begin at zero for each value of their labels, so that Prometheus sees the first event as an increase', async () => {
  const engine = await openEngine('memory', { lifetimes: LIFETIMES, users: createTestUsers() });
  const metrics = await createMetricsRegistry();
  withEngineMetrics(engine, metrics);
  const text = await metrics.registry.metrics();
  for (const operation of ENGINE_OPERATIONS)
    for (const reason of ['unavailable', 'error'])
      expect(text).toContain(`gatehouse_engine_errors_total{operation="${operation}",reason="${reason}"} 0\n`);
  for (const method of ['password', 'adopted']) expect(text).toContain(`gatehouse_sign_ins_total{method="${method}"} 0\n`);
  // The reasons that the page of events lists.
  const page = readFileSync(join(import.meta.dirname, '../../../apps/docs/guide/events.md'), 'utf8');
  const reasons = [...(/^- `reason` is one of ([^.]+)\./m.exec(page)?.[1]?.matchAll(/`(\w+)`/g) ?? [])].map(([, reason]) => reason);
  expect(reasons.length).toBeGreaterThan(5);
  const ended = [...text.matchAll(/^gatehouse_sessions_ended_total\{reason="(\w+)"\} 0$/gm)].map(([, reason]) => reason);
  expect(new Set(ended)).toEqual(new Set(reasons));
});
