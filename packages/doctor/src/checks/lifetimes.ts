import { ok, warning, type Check } from '../check.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** RFC 6265bis, 5.5: "cookie attribute lifetimes … no more than 400 days". Chrome and others enforce it. */
const COOKIE_LIMIT_DAYS = 400;

/**
 * Warns if the cookie age exceeds 400 days, because browsers do not keep cookies longer (RFC 6265bis); if a session can live longer than
 * that, because a stolen one would too; and if `SESSION_COOKIE_AGE` exceeds `SESSION_ABSOLUTE_AGE`, because it is then never reached.
 */
export const lifetimes: Check = {
  id: 'lifetimes',
  needs: ['SESSION_COOKIE_AGE', 'SESSION_ABSOLUTE_AGE'],
  judge({ settings: { session } }) {
    const { cookieAgeSeconds: age, absoluteAgeSeconds: absolute } = session;
    if (age > COOKIE_LIMIT_DAYS * DAY_SECONDS) {
      return warning(
        `SESSION_COOKIE_AGE is ${days(age)}: browsers keep no cookie for more than ${COOKIE_LIMIT_DAYS}.`,
        'Set it to 34560000 (400 days) or less. The default is two weeks.',
      );
    }
    if (absolute > COOKIE_LIMIT_DAYS * DAY_SECONDS) {
      return warning(
        `SESSION_ABSOLUTE_AGE is ${days(absolute)}: a stolen session can be used for that long.`,
        'Set it to less than 400 days, in seconds. The default is 90 days; NIST SP 800-63B-4 recommends 30.',
      );
    }
    if (age > absolute) {
      return warning(
        `SESSION_COOKIE_AGE (${days(age)}) is more than SESSION_ABSOLUTE_AGE (${days(absolute)}), which ends every session sooner.`,
        'Lower SESSION_COOKIE_AGE or raise SESSION_ABSOLUTE_AGE.',
      );
    }
    return ok(`A session ends after ${days(age)} without use, and ${days(absolute)} after signing in.`);
  },
};

function days(seconds: number): string {
  const [count, unit] = seconds < 2 * DAY_SECONDS ? [seconds, 'second'] : [Math.round(seconds / DAY_SECONDS), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
