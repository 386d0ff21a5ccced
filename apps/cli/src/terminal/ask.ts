import { confirm, isCancel, password, text } from '@clack/prompts';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';

/** Prompts go to stderr, because stdout is for results only. */
const screen = { output: process.stderr, withGuide: false };

type Check = (value: string) => string | undefined;

export const askText = (message: string, check: Check): Promise<string> =>
  ask(text({ ...screen, message, validate: (value) => check(value ?? '') }));

/** Does not show what is typed. */
export const askSecret = (message: string, check: Check): Promise<string> =>
  ask(password({ ...screen, message, clearOnError: true, validate: (value) => check(value ?? '') }));

/** The default is no, so Enter alone changes nothing. */
export const askYes = (message: string): Promise<boolean> => ask(confirm({ ...screen, message, initialValue: false }));

async function ask<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new Failure('CANCELLED', 'Cancelled; nothing was changed.', EXIT.CANCELLED);
  return answer as Exclude<T, symbol>;
}

/** Whether there is a user to ask. */
export const hasTerminal = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** @throws Failure NO_TERMINAL if there is no user to ask, or `--no-input` forbids to; `advice` says what to pass instead */
export function requireTerminal(advice: string, { input = true }: { readonly input?: boolean | undefined } = {}): void {
  if (!input) throw new Failure('NO_TERMINAL', `With --no-input, there are no prompts. ${advice}`, EXIT.USAGE);
  if (!hasTerminal()) throw new Failure('NO_TERMINAL', `There is no terminal for a prompt. ${advice}`, EXIT.USAGE);
}
