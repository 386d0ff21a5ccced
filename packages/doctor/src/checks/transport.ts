import { ok, skipped, warning, type Check } from '../check.ts';
import { serversOf } from '../facts/servers.ts';

/**
 * Warns if the database or Redis is on another machine and the connection has no TLS, or TLS that accepts any certificate (`no-verify`).
 * Fix: `rediss://`, `?ssl=true` (MariaDB, MySQL), `?sslmode=verify-full` (PostgreSQL). You can ignore it if the network itself is encrypted.
 */
export const transport: Check = {
  id: 'transport',
  needs: ['DATABASE_URL', 'REDIS_URL', 'SESSION_ENGINE'],
  judge({ settings }) {
    const remote = serversOf(settings).filter(({ isLocal }) => !isLocal);
    if (remote.length === 0) return skipped('All servers are on this machine.');
    const found = remote.filter(({ isEncrypted, isChecked }) => !isEncrypted || !isChecked);
    if (found.length === 0) return ok(`${remote.map(({ title }) => title).join(' and ')}: connected with TLS.`);
    return found.map(({ setting, title, encryption, isEncrypted }) =>
      isEncrypted
        ? warning(
            `${title} is on another machine and ${setting} accepts any certificate: someone between them can read and change everything.`,
            `Replace no-verify with ${encryption} in ${setting}.`,
          )
        : warning(
            `${title} is on another machine and ${setting} does not use TLS: the password and sessions are sent in the clear.`,
            `Add ${encryption} to ${setting}, unless the network itself is encrypted.`,
          ),
    );
  },
};
