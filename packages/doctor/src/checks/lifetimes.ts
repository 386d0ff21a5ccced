import { ok, warning, type Check } from '../check.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** RFC 6265bis, 5.5: "cookie attribute lifetimes … no more than 400 days"; Chrome and others hold to it. */
const COOKIE_LIMIT_DAYS = 400;

/**
 * Warns if the cookie would outlive 400 days, since browsers keep none longer (RFC 6265bis); if a session may live longer than that, which
 * helps whoever stole it; and if `SESSION_COOKIE_AGE` exceeds `SESSION_ABSOLUTE_AGE` and so is never reached.
 */
export const lifetimes: Check = {
  id: 'lifetimes',
  needs: ['SESSION_COOKIE_AGE', 'SESSION_ABSOLUTE_AGE'],
  judge({ settings: { session } }) {
    const { cookieAgeSeconds: age, absoluteAgeSeconds: absolute } = session;
    if (age > COOKIE_LIMIT_DAYS * DAY_SECONDS) {
      return warning(
        `SESSION_COOKIE_AGE is ${days(age)}: browsers keep no cookie for more than ${COOKIE_LIMIT_DAYS}.`,
        'Write 34560000 (400 days) or less; two weeks are the default.',
      );
    }
    if (absolute > COOKIE_LIMIT_DAYS * DAY_SECONDS) {
      return warning(
        `SESSION_ABSOLUTE_AGE is ${days(absolute)}: a stolen session that is kept in use works for as long.`,
        'Write a number of seconds below 400 days; 90 days are the default, and NIST SP 800-63B-4 asks for 30.',
      );
    }
    if (age > absolute) {
      return warning(
        `SESSION_COOKIE_AGE (${days(age)}) is more than SESSION_ABSOLUTE_AGE (${days(absolute)}), which ends every session sooner.`,
        'Lower the first or raise the second, as you meant it.',
      );
    }
    return ok(`A session ends after ${days(age)} without use, and ${days(absolute)} after signing in.`);
  },
};

function days(seconds: number): string {
  const [count, unit] = seconds < 2 * DAY_SECONDS ? [seconds, 'second'] : [Math.round(seconds / DAY_SECONDS), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
