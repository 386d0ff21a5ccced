import type { ExitCode } from './exit-codes.ts';

/** What a command found or did: for programs and for people. */
export interface Report {
  /** Printed with `--json`; its shape does not change, dates become ISO 8601. */
  readonly json: object;
  /** Printed otherwise, on stdout, already safe to show. */
  readonly lines: readonly string[];
  /** Default: 0. */
  readonly exitCode?: ExitCode;
}

export function printReport({ json, lines, exitCode }: Report, asJson: boolean): void {
  process.stdout.write(asJson ? `${JSON.stringify(json, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''));
  if (exitCode !== undefined) process.exitCode = exitCode;
}
