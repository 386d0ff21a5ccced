import { ok, skipped, warning, type Check } from '../check.ts';
import { serversOf } from '../facts/servers.ts';

export const transport: Check = {
  id: 'transport',
  needs: ['DATABASE_URL', 'REDIS_URL', 'SESSION_ENGINE'],
  judge({ settings }) {
    const remote = serversOf(settings).filter(({ isLocal }) => !isLocal);
    if (remote.length === 0) return skipped('Everything is on this machine.');
    const plain = remote.filter(({ isEncrypted }) => !isEncrypted);
    if (plain.length === 0) return ok(`${remote.map(({ title }) => title).join(' and ')} by TLS.`);
    return plain.map(({ setting, title, encryption }) =>
      warning(
        `${title} is on another machine and ${setting} does not ask for TLS: password and sessions travel in the clear.`,
        `Write ${encryption} in ${setting}; on a network that is encrypted by itself, leave it.`,
      ),
    );
  },
};
