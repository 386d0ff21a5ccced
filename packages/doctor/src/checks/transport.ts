import { ok, skipped, warning, type Check } from '../check.ts';
import { serversOf } from '../facts/servers.ts';

/**
 * Warns if the database or Redis is on another machine and the connection has no TLS, or TLS that accepts any certificate (`no-verify`).
 * Fix: `rediss://`, `?ssl=true` (MariaDB, MySQL), `?sslmode=verify-full` (PostgreSQL). Ignore it on a network that is encrypted itself.
 */
export const transport: Check = {
  id: 'transport',
  needs: ['DATABASE_URL', 'REDIS_URL', 'SESSION_ENGINE'],
  judge({ settings }) {
    const remote = serversOf(settings).filter(({ isLocal }) => !isLocal);
    if (remote.length === 0) return skipped('Everything is on this machine.');
    const found = remote.filter(({ isEncrypted, isChecked }) => !isEncrypted || !isChecked);
    if (found.length === 0) return ok(`${remote.map(({ title }) => title).join(' and ')} by TLS.`);
    return found.map(({ setting, title, encryption, isEncrypted }) =>
      isEncrypted
        ? warning(
            `${title} is on another machine and ${setting} takes any certificate for its own: whoever is on the way can read and change everything.`,
            `Write ${encryption} in ${setting}, in place of no-verify.`,
          )
        : warning(
            `${title} is on another machine and ${setting} does not ask for TLS: password and sessions travel in the clear.`,
            `Write ${encryption} in ${setting}; on a network that is encrypted by itself, leave it.`,
          ),
    );
  },
};
