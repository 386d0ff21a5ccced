import { pino } from 'pino';
import { expect, test } from 'vitest';
import { watchClock } from './clock-watch.ts';

test('security 44: logs each jump of the clock once, and no drift', () => {
  const lines: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) });
  let [nowMs, steadyMs] = [Date.UTC(2030, 0, 1), 0];
  const pass = (ms: number, jumpMs = 0): void => {
    steadyMs += ms;
    nowMs += ms + jumpMs;
    watch.look();
  };
  const watch = watchClock(logger, { now: () => nowMs, steady: () => steadyMs });
  for (const jumpMs of [0, 3_600_000, 0, -3_600_000, 40, -40]) pass(10_000, jumpMs);
  watch.stop();
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
    [3_600_000, -3_600_000].map((jumpedMs) => expect.objectContaining({ jumpedMs, level: 40 })),
  );
});
