import { ok, skipped, warning, type Check } from '../check.ts';

const MEND =
  'Make a random one with: node -p "crypto.randomBytes(32).toString(\'base64url\')". Write it before the old one and a comma, and drop that when its sessions are over.';

/** Words with blanks or hyphens, or letters of one case alone: of 32 random characters in base64 or hexadecimal, less than one in a hundred. */
const readsLikeWords = (secret: string): boolean =>
  /\s/.test(secret) || /^[a-z]+(?:[-_.][a-z]+)*$/i.test(secret) || /^[a-z_.-]+$/.test(secret);

/**
 * Warns if the secret looks like words, or is listed twice. Short, published and regular secrets are refused by the settings. Whoever knows
 * the secret can sign a cookie; a session's random secret is still needed to sign in, but one of two protections is gone. Fix: put a random
 * secret in front of the old one, and remove the old one when its sessions have expired.
 */
export const sessionSecret: Check = {
  id: 'session-secret',
  needs: ['SESSION_SECRET'],
  judge({ settings: { session, environment } }) {
    const { secrets } = session;
    if (secrets.length === 0) {
      return environment === 'production'
        ? skipped('There is none.')
        : ok('Made by the first start and kept in the data folder; production asks for one of its own.');
    }
    const wordy = secrets.flatMap((secret, index) => (readsLikeWords(secret) ? [index + 1] : []));
    if (wordy.length > 0)
      return warning(
        `SESSION_SECRET${secrets.length > 1 ? ` (number ${wordy.join(', ')})` : ''} reads like words, which can be guessed: whoever has it can sign any cookie.`,
        MEND,
      );
    if (new Set(secrets).size < secrets.length)
      return warning('SESSION_SECRET has the same secret twice.', 'Keep one of the two: a rotation needs a new secret in front.');
    return ok(secrets.length === 1 ? 'One secret signs and verifies.' : `The first of ${secrets.length} secrets signs, all verify.`);
  },
};
