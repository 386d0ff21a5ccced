import { z } from 'zod';
import { quote, refuse } from './problem.ts';

/** Schemas for environment variables that several settings share. */

const TEN_YEARS = 315_360_000;

const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

/** `true` or `false`, or yes/no, on/off, 1/0. Case-insensitive. */
export const flagSchema = z.string().transform((text, ctx) => {
  return FLAGS[text.toLowerCase()] ?? refuse(ctx, `must be true or false, not ${quote(text)}.`, 'Write true or false.');
});

/** One of several words. Case-insensitive. */
export const choiceSchema = <const Choice extends string>(choices: readonly Choice[]) =>
  z.string().transform((text, ctx): Choice => {
    const found = choices.find((choice) => choice === text.toLowerCase());
    return found ?? refuse(ctx, `must be one of ${choices.join(', ')}, not ${quote(text)}.`, `Write ${choices.join(' or ')}.`);
  });

interface Bounds {
  readonly min: number;
  readonly max?: number;
}

export const secondsSchema = ({ min, max = TEN_YEARS }: Bounds) =>
  z.string().transform((text, ctx) => {
    // Catches lifetimes in milliseconds, and numbers (1e15) that result in dates that no storage supports.
    if (Number(text) > max) return refuse(ctx, `must be at most ${max}, not ${quote(text)}.`, 'Write seconds, not milliseconds.');
    if (!/^\d+$/.test(text)) {
      return refuse(
        ctx,
        `must be a whole number of seconds, not ${quote(text)}.`,
        'Write seconds: 3600 is an hour, 86400 a day, 1209600 two weeks.',
      );
    }
    const seconds = Number(text);
    if (seconds < min) return refuse(ctx, `must be at least ${min}, not ${text}.`, `Write ${min} or more seconds.`);
    return seconds;
  });

export const countSchema = ({ min, max = 1_000_000 }: Bounds) =>
  z.string().transform((text, ctx) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (count >= min && count <= max) return count;
    return refuse(ctx, `must be a whole number from ${min} to ${max}, not ${quote(text)}.`, 'Write a number such as 5.');
  });

/** A timeout in seconds, with fractions (`0.5`). Returns milliseconds. */
export const timeoutSchema = ({ min, max = 3600 }: Bounds) =>
  z.string().transform((text, ctx) => {
    const seconds = /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
    if (seconds >= min && seconds <= max) return Math.round(seconds * 1000);
    return refuse(ctx, `must be seconds from ${min} to ${max}, not ${quote(text)}.`, 'Write a number such as 2 or 0.5.');
  });

/** A TCP port; 0 lets the system choose a free port. */
export const portSchema = z.string().transform((text, ctx) => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  return refuse(ctx, `must be a port from 0 to 65535, not ${quote(text)}.`, 'Write a number such as 3000, or 0 for any free port.');
});
