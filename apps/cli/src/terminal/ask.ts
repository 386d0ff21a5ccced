import { confirm, isCancel, password, text } from '@clack/prompts';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';

/** Questions go to stderr: stdout holds results only, also where it is a terminal. */
const screen = { output: process.stderr, withGuide: false };

type Check = (value: string) => string | undefined;

export const askText = (message: string, check: Check): Promise<string> =>
  ask(text({ ...screen, message, validate: (value) => check(value ?? '') }));

/** What is typed is not shown. */
export const askSecret = (message: string, check: Check): Promise<string> =>
  ask(password({ ...screen, message, clearOnError: true, validate: (value) => check(value ?? '') }));

/** No by default: Enter alone ends nothing. */
export const askYes = (message: string): Promise<boolean> => ask(confirm({ ...screen, message, initialValue: false }));

async function ask<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new Failure('CANCELLED', 'Cancelled; nothing was changed.', EXIT.CANCELLED);
  return answer as Exclude<T, symbol>;
}

/** There is a person to ask. */
export const hasTerminal = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Where there is nobody to ask, says what to pass instead. */
export function requireTerminal(instead: string): void {
  if (!hasTerminal()) throw new Failure('NO_TERMINAL', `There is no terminal to ask on. ${instead}`, EXIT.USAGE);
}
