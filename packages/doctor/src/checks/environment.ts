import { isLoopback } from '@gatehouse/settings';
import { ok, warning, type Check } from '../check.ts';

/**
 * Warns if `PUBLIC_URL` is https but `NODE_ENV` is not `production`: then demo users are created, the secret may be generated, and no error
 * that these checks find prevents the server from starting.
 */
export const environment: Check = {
  id: 'environment',
  needs: ['NODE_ENV', 'PUBLIC_URL'],
  judge({ settings }) {
    const { publicUrl } = settings.server;
    if (settings.environment === 'production' || !publicUrl.startsWith('https:') || isLocalAddress(publicUrl))
      return ok(`NODE_ENV is ${settings.environment}.`);
    return warning(
      `NODE_ENV is ${settings.environment} although PUBLIC_URL is https: demo users are created, the secret may be generated, and errors do not prevent a start.`,
      'Set NODE_ENV=production if people sign in here.',
    );
  },
};

const isLocalAddress = (publicUrl: string): boolean => isLoopback(new URL(publicUrl));
