import { expect, test } from 'vitest';
import { progressLine, withProgress } from './progress.ts';

/** A terminal that keeps what is written, and a clock that only moves when it is told to. */
function fakeTerminal(isTTY: boolean) {
  const written: string[] = [];
  let nowMs = 0;
  return {
    written,
    wait: (ms: number) => void (nowMs += ms),
    options: { output: { isTTY, columns: 100, write: (text: string) => written.push(text) }, now: () => nowMs },
  };
}

test('shows bar, speed and remaining time after a second, and removes the line', async () => {
  const { written, wait, options } = fakeTerminal(true);
  const result = await withProgress(
    'Copying sessions',
    async ({ update }) => {
      update(10, 100_000);
      wait(10_000);
      update(50_000);
      return 'done';
    },
    options,
  );
  expect(result).toBe('done');
  const clear = '\r\u001b[2K';
  expect(written).toEqual([`${clear}Copying sessions  [##########----------]  50 %  50,000 of 100,000  5,000/s  10 s left`, clear]);
});

test('shows nothing for work of less than a second, or without a terminal', async () => {
  for (const [isTTY, ms] of [
    [true, 900],
    [false, 60_000],
  ] as const) {
    const { written, wait, options } = fakeTerminal(isTTY);
    await withProgress(
      'Work',
      async ({ update }) => {
        wait(ms);
        update(1, 2);
      },
      options,
    );
    expect(written).toEqual([]);
  }
});

test('removes the line if the work fails, and passes the error on', async () => {
  const { written, wait, options } = fakeTerminal(true);
  const work = withProgress(
    'Work',
    async ({ update }) => {
      wait(5000);
      update(1);
      throw new Error('broken');
    },
    options,
  );
  await expect(work).rejects.toThrow('broken');
  expect(written.at(-1)).toBe('\r\u001b[2K');
});

test('a line without a total has no bar, and times are in the largest units', () => {
  expect(progressLine({ label: 'Importing', done: 3000, total: undefined, elapsedMs: 2000 })).toBe('Importing  3,000  1,500/s');
  expect(progressLine({ label: 'Importing', done: 0, total: undefined, elapsedMs: 2000 })).toBe('Importing  2 s');
  expect(progressLine({ label: 'Importing', done: 1, total: 201, elapsedMs: 1000 })).toMatch(/3 min 20 s left$/);
  expect(progressLine({ label: 'Importing', done: 1, total: 7801, elapsedMs: 1000 })).toMatch(/2 h 10 min left$/);
  expect(progressLine({ label: 'Importing', done: 9, total: 5, elapsedMs: 1000 })).toMatch(/100 % {2}9 of 5 .* 0 s left$/);
});
