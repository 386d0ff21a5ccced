import type { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';

/**
 * A URL with a password: `scheme://user:password@…`, or `password=…` among its parameters. Also matches after `--from=`, a quotation mark
 * or `jdbc:`.
 */
const PASSWORD_IN_URL = /^(?:--?[\w-]+=)?["']?(?:[a-z][a-z0-9+.-]*:)+\/\/(?:[^/?#@:]*:[^@]+@|.*[?&;](?:ssl)?password=[^&])/is;

/** libpq's keyword form: `host=db user=reader password=…`. */
const PASSWORD_AMONG_KEYWORDS = /(?:^|[\s=])host(?:addr)?\s*=.*\spassword\s*=|(?:^|[\s=])password\s*=.*\shost(?:addr)?\s*=/is;

/** Options that no command has, but that people try to pass a secret with. Each has the advice that is printed. */
const SECRET_OPTIONS: readonly (readonly [option: RegExp, advice: string])[] = [
  [/^--?(?:password|passwd|pass|pw)(?:=|$)/i, 'Passwords are asked for, or read from a pipe with --password-stdin.'],
  [/^--?secret-?key(?:=|$)/i, 'Write the key into a file and name it with --secret-key-file.'],
  [/^--?(?:pepper|secret|token|session-secret|password-pepper)(?:=|$)/i, 'Set it in the environment or .env.'],
];

const EXPOSED = 'Other users of this machine can see arguments (ps), and the shell stores them in its history';

/**
 * Refuses arguments that contain a secret: everybody on the machine can read them while the command runs, and the shell's history keeps
 * them.
 * @throws Failure SECRET_IN_ARGUMENT; its message does not contain the secret
 */
export function refuseSecrets(args: readonly string[]): void {
  if (args.some((argument) => PASSWORD_IN_URL.test(argument) || PASSWORD_AMONG_KEYWORDS.test(argument)))
    throw refused(
      'a URL with a password',
      'Set the URL in the environment or .env (DATABASE_URL, REDIS_URL; for import GATEHOUSE_IMPORT_URL). For import you can also pipe it in with --from -, or leave the password out: import asks for it.',
    );
  const advice = args.map((argument) => SECRET_OPTIONS.find(([option]) => option.test(argument))?.[1]).find((one) => one !== undefined);
  if (advice !== undefined) throw refused('a secret', advice);
}

const refused = (what: string, advice: string): Failure =>
  new Failure(
    'SECRET_IN_ARGUMENT',
    `No command accepts ${what} as an argument. ${EXPOSED}. If the secret is in use, change it. ${advice}`,
    EXIT.USAGE,
  );

/** The extra message for `gatehouse login ada secret`, where the extra argument may be a password. */
export function hintAfter(error: CommanderError, args: readonly string[]): string | undefined {
  if (error.code !== 'commander.excessArguments' || !/^(?:login|createuser|createsuperuser|changepassword)$/.test(args[0] ?? ''))
    return undefined;
  return `If the extra argument was a password, change it. ${EXPOSED}. Passwords are asked for, or read from a pipe with --password-stdin.`;
}
