import { EXIT, type ExitCode } from './exit-codes.ts';

/** An expected failure of a command. The message is one sentence for the user. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** Printed with `--json`, for scripts. */
  readonly code: string;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, exitCode: ExitCode = EXIT.FAILURE) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}
