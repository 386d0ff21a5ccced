import { error, ok, warning, type Check, type Verdict } from '../check.ts';
import { MAY_NOT_ASK, onRedis } from '../on-redis.ts';
import { sentenceAndMend } from './database.ts';

/** SET with GET and PX at once. https://redis.io/docs/latest/commands/set/ */
const OLDEST = [6, 2] as const;

const asked = onRedis('redis', ({ info }): Verdict => {
  const version = info.get('valkey_version') ?? info.get('redis_version');
  if (version === undefined) return ok(`It answers. ${MAY_NOT_ASK}`);
  const name = info.has('valkey_version') ? 'Valkey' : 'Redis';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return error(`${name} ${version} lacks commands that Gatehouse uses.`, `Run ${name} ${OLDEST.join('.')} or newer.`);
  if (info.get('role') === 'slave')
    return error(
      'This Redis is a replica, and refuses writes.',
      'Write the address of its master into REDIS_URL, or use redis+sentinel://, which follows it.',
    );
  if (info.get('loading') === '1') return warning('It is still reading its data from the disk.', 'Wait until it has, and look again.');
  return ok(`${name} ${version} answers.`);
});

/** A Redis that cannot be reached, is a replica, or is older than 6.2 is an error. */
export const redis: Check = {
  ...asked,
  judge: (facts) => (facts.redis.status === 'unreachable' ? error(...sentenceAndMend(facts.redis.problem)) : asked.judge(facts)),
};
