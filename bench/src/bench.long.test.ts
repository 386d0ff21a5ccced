import { expect, test } from 'vitest';
import { runBench } from '../test-support/run-bench.ts';

test('pnpm bench --quick measures our servers beside others', async () => {
  const output = await runBench('main.ts', ['--quick', '--sizes', '100', '--contenders', '^Gatehouse (db, SQLite|redis)$|^better-auth']);
  const titles = [
    '`auth.me`',
    'Sign-in',
    'One session: reads',
    'One session: one write in ten requests',
    'Many sessions',
    'Start',
    'Memory',
  ];
  for (const title of titles) expect(output).toContain(`\n${title}\n`);
  expect(output).toMatch(/^Gatehouse db, SQLite +\d/m);
  expect(output).toMatch(/^better-auth get-session, SQLite +\d/m);
  expect(output).not.toContain('failed:');
  // Its increments are atomic.
  expect(lineOf(output, 'One session: one write in ten requests', 'Gatehouse db, SQLite')).toMatch(/ 0 +0 of [1-9]\d*$/);
  expect(lineOf(output, 'Start', 'Gatehouse db, SQLite, by pnpm start')).toMatch(/^.+? {2,}[1-9]\d* /);
  expect(lineOf(output, 'Memory', 'better-auth get-session, SQLite')).toMatch(/^.+? {2,}[1-9]\d* /);
  expect(output).toMatch(/^The run took \d+ min \d+ s\.$/m);
});

test('pnpm bench:sign-in --quick measures concurrent sign-ins and refusals', async () => {
  const output = await runBench('sign-in/main.ts', ['--quick']);
  expect(output).toMatch(/^sign-ins .* 20 × 200$/m);
  expect(output).toMatch(/^unknown name +\d/m);
});

/** The line of a contender in the section with this title. */
function lineOf(output: string, title: string, contender: string): string {
  const section = output.slice(output.indexOf(`\n${title}\n`));
  return section.split('\n').find((line) => line.startsWith(contender)) ?? '';
}
