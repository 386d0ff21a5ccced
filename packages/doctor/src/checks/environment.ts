import { isLoopback } from '@gatehouse/settings';
import { ok, warning, type Check } from '../check.ts';

/**
 * Warns if `PUBLIC_URL` is https and `NODE_ENV` is not `production`: demo users are created, the secret may be a generated one, and no
 * error found here stops a start.
 */
export const environment: Check = {
  id: 'environment',
  needs: ['NODE_ENV', 'PUBLIC_URL'],
  judge({ settings }) {
    const { publicUrl } = settings.server;
    if (settings.environment === 'production' || !publicUrl.startsWith('https:') || isLocalAddress(publicUrl))
      return ok(`NODE_ENV is ${settings.environment}.`);
    return warning(
      `NODE_ENV is ${settings.environment}, though PUBLIC_URL is https: the secret may be a generated one, demo users are made, and nothing here stops a start.`,
      'Set NODE_ENV=production where people sign in.',
    );
  },
};

const isLocalAddress = (publicUrl: string): boolean => isLoopback(new URL(publicUrl));
