import { InvalidArgumentError } from 'commander';

/** Parses the value of an option such as `--limit`. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number of 1 or more.');
  return Number(text);
}
