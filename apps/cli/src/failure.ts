import { EXIT, type ExitCode } from './exit-codes.ts';

/** A command cannot do what it was asked; the message is one sentence for the person at the terminal. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** For scripts, in `--json`. */
  readonly code: string;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, exitCode: ExitCode = EXIT.FAILURE) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}
