import type { Problem } from './problem.ts';

/** The settings cannot be used; `message` lists every problem with its mend, ready to print. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(describe(problems));
    this.problems = problems;
  }
}

function describe(problems: readonly Problem[]): string {
  const title = problems.length === 1 ? 'A setting needs attention:' : `${problems.length} settings need attention:`;
  return [title, ...problems.map(({ name, problem, mend }) => `  ${name} ${problem}\n      ${mend}`)].join('\n');
}
