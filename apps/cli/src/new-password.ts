import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { askSecret, requireTerminal } from './terminal/ask.ts';
import { passwordFromStdin } from './terminal/password-stdin.ts';

export interface NewPasswordOptions {
  readonly passwordStdin?: boolean;
  readonly generatePassword?: boolean;
  /** From the environment. Either option has precedence. */
  readonly configuredPassword?: string | undefined;
  /** false: never asks. Default: true. */
  readonly input?: boolean;
}

type Outcome<Done> =
  | ({ readonly ok: true } & Done)
  | { readonly ok: false; readonly problems: Readonly<Record<string, readonly string[]>> };

/**
 * Sets a password that is typed twice, piped in, or generated. If a typed password is refused, asks again.
 * `generated` is the generated password, to be shown once; it is not stored.
 */
export async function setPassword<Done>(
  options: NewPasswordOptions,
  set: (password: string) => Promise<Outcome<Done>>,
): Promise<{ done: Done; generated: string | undefined }> {
  if (options.passwordStdin && options.generatePassword) {
    throw new Failure('USAGE', 'Pass only one of --password-stdin and --generate-password.', EXIT.USAGE);
  }
  const { generatePassword } = await import('@gatehouse/accounts');
  const generated = options.generatePassword ? generatePassword() : undefined;
  const given = generated ?? (options.passwordStdin ? await passwordFromStdin() : options.configuredPassword);
  for (;;) {
    const outcome = await set(given ?? (await askTwice(options)));
    if (outcome.ok) return { done: outcome, generated };
    const { password: problems = [], ...others } = outcome.problems;
    if (given !== undefined || Object.keys(others).length > 0)
      throw new Failure('INVALID_INPUT', Object.values(outcome.problems).flat().join(' '));
    process.stderr.write(`${problems.join(' ')}\n`);
  }
}

async function askTwice({ input }: NewPasswordOptions): Promise<string> {
  requireTerminal('Pipe the password in with --password-stdin, or generate one with --generate-password.', { input });
  const password = await askSecret('New password', (value) => (value === '' ? 'Enter a password.' : undefined));
  await askSecret('Repeat the new password', (again) => (again === password ? undefined : 'The passwords are not the same.'));
  return password;
}
