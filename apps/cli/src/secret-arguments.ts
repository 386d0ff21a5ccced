import type { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';

/**
 * `scheme://user:password@…`, also as `--from=…`, behind a quotation mark or `jdbc:`, and a password among the parameters. What is after the password
 * may be anything.
 */
const PASSWORD_IN_ADDRESS = /^(?:--?[\w-]+=)?["']?(?:[a-z][a-z0-9+.-]*:)+\/\/(?:[^/?#@:]*:[^@]+@|.*[?&;](?:ssl)?password=[^&])/is;

/** libpq's other form: `host=db user=reader password=…`. */
const PASSWORD_AMONG_WORDS = /(?:^|[\s=])host(?:addr)?\s*=.*\spassword\s*=|(?:^|[\s=])password\s*=.*\shost(?:addr)?\s*=/is;

/** What people write who expect to give a secret there; no command has such an option. What each is told. */
const SECRET_OPTIONS: readonly (readonly [option: RegExp, instead: string])[] = [
  [/^--?(?:password|passwd|pass|pw)(?:=|$)/i, 'Passwords are asked for, or read from a pipe with --password-stdin.'],
  [/^--?secret-?key(?:=|$)/i, 'Write the key into a file and name it with --secret-key-file.'],
  [/^--?(?:pepper|secret|token|session-secret|password-pepper)(?:=|$)/i, 'It belongs into the environment or .env.'],
];

const SEEN = 'Other users of this machine can see arguments (ps), and the shell keeps them in its history';

/**
 * No argument may hold a secret: while the command runs everybody can read it, and it stays in the shell's history.
 * @throws Failure, whose message does not repeat it
 */
export function refuseSecrets(args: readonly string[]): void {
  if (args.some((argument) => PASSWORD_IN_ADDRESS.test(argument) || PASSWORD_AMONG_WORDS.test(argument)))
    throw refused(
      'an address with a password',
      'Put the address into the environment or .env (DATABASE_URL, REDIS_URL; GATEHOUSE_IMPORT_URL for import), or pipe it in with --from -, or leave the password out: import asks for it.',
    );
  const instead = args.map((argument) => SECRET_OPTIONS.find(([option]) => option.test(argument))?.[1]).find((one) => one !== undefined);
  if (instead !== undefined) throw refused('a secret', instead);
}

const refused = (what: string, instead: string): Failure =>
  new Failure('SECRET_IN_ARGUMENT', `No command takes ${what} as an argument. ${SEEN}: change it if it is in use. ${instead}`, EXIT.USAGE);

/** What there is to say more to somebody who has typed `gatehouse login ada secret`; undefined: nothing. */
export function hintAfter(error: CommanderError, args: readonly string[]): string | undefined {
  if (error.code !== 'commander.excessArguments' || !/^(?:login|createuser|changepassword)$/.test(args[0] ?? '')) return undefined;
  return `If that was a password: it is never an argument. ${SEEN}: change it. Passwords are asked for, or read from a pipe with --password-stdin.`;
}
