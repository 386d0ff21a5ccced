/** The exit codes of all commands. `gatehouse --help` lists them. */
export const EXIT = {
  OK: 0,
  FAILURE: 1,
  USAGE: 2,
  NOT_SIGNED_IN: 3,
  UNREACHABLE: 4,
  /** As in shells: 128 + SIGINT. */
  CANCELLED: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  0  success
  1  failure; the message says why
  2  wrong usage: see --help
  3  not signed in, or wrong user name or password
  4  the server or the database cannot be reached

If you cancel a prompt, the exit code is 130, as for Ctrl+C.`;
