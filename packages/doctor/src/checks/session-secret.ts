import { ok, skipped, warning, type Check } from '../check.ts';

const FIX =
  'Generate one: node -p "crypto.randomBytes(32).toString(\'base64url\')". Put it in front of the old one, separated by a comma, and remove the old one when its sessions have expired.';

/** Words with spaces or hyphens, or letters of a single case. Fewer than 1 % of random 32-character base64 or hex secrets look like this. */
const readsLikeWords = (secret: string): boolean =>
  /\s/.test(secret) || /^[a-z]+(?:[-_.][a-z]+)*$/i.test(secret) || /^[a-z_.-]+$/.test(secret);

/**
 * Warns if the secret looks like words or is listed twice. The settings themselves refuse short, published and regular secrets. Someone
 * who knows the secret can sign cookies. They still need the random secret of a session, but one of two protections is gone. Fix: put a
 * random secret in front of the old one, and remove the old one when its sessions have expired.
 */
export const sessionSecret: Check = {
  id: 'session-secret',
  needs: ['SESSION_SECRET'],
  judge({ settings: { session, environment } }) {
    const { secrets } = session;
    if (secrets.length === 0) {
      return environment === 'production'
        ? skipped('There is none.')
        : ok('Generated at the first start and kept in the data folder. Production requires SESSION_SECRET.');
    }
    const wordy = secrets.flatMap((secret, index) => (readsLikeWords(secret) ? [index + 1] : []));
    if (wordy.length > 0)
      return warning(
        `SESSION_SECRET${secrets.length > 1 ? ` (number ${wordy.join(', ')})` : ''} reads like words, which can be guessed. Anyone who knows it can sign cookies.`,
        FIX,
      );
    if (new Set(secrets).size < secrets.length)
      return warning('SESSION_SECRET contains the same secret twice.', 'Remove one of the two. A rotation needs a new secret in front.');
    return ok(secrets.length === 1 ? 'One secret signs and verifies.' : `The first of ${secrets.length} secrets signs, all verify.`);
  },
};
