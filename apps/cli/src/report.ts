import type { ExitCode } from './exit-codes.ts';

/** The result of a command, for scripts and for people. */
export interface Report {
  /** Printed with `--json`. Its shape is stable; dates become ISO 8601 text. */
  readonly json: object;
  /** Printed on stdout without `--json`. Text from outside has been made safe for a terminal. */
  readonly lines: readonly string[];
  /** Default: 0. */
  readonly exitCode?: ExitCode;
}

export function printReport({ json, lines, exitCode }: Report, asJson: boolean): void {
  process.stdout.write(asJson ? `${JSON.stringify(json, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''));
  if (exitCode !== undefined) process.exitCode = exitCode;
}
