import type { Problem } from './problem.ts';

/** The settings are invalid. `message` lists all problems and how to fix them, ready to print. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(describe(problems));
    this.problems = problems;
  }
}

function describe(problems: readonly Problem[]): string {
  const title = problems.length === 1 ? 'Invalid setting:' : `${problems.length} invalid settings:`;
  return [title, ...problems.map(({ name, problem, fix }) => `  ${name} ${problem}\n      ${fix}`)].join('\n');
}
