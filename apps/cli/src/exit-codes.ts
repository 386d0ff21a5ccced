/** What the command says to the script that ran it; documented in `gatehouse --help`. */
export const EXIT = {
  OK: 0,
  FAILURE: 1,
  USAGE: 2,
  NOT_SIGNED_IN: 3,
  UNREACHABLE: 4,
  /** As shells count an interrupt: 128 + SIGINT. */
  CANCELLED: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  failed; the message says why
  2  not a command, or not so: see --help
  3  not signed in, or the user name or password is not right
  4  the server or the database cannot be reached

Cancelling a question gives 130, as an interrupt does.`;
