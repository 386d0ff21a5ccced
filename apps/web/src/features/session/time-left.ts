/** Rounded up, so that the last second is 1. */
export const secondsLeft = (until: Date, now: Date): number => Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000));

/** Screen readers say the time when the dialog opens, and at these seconds: a number that changes every second would drown all else. */
const SPOKEN_SECONDS = [60, 20] as const;

/** The next lower of the times that are spoken; undefined: none was reached yet, so the time of the opening stands. */
export const spokenStep = (seconds: number): number | undefined => SPOKEN_SECONDS.findLast((step) => seconds <= step);
