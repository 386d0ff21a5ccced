import { error, ok, warning, type Check, type Verdict } from '../check.ts';
import { NO_INFO, onRedis } from '../on-redis.ts';
import { problemAndFix } from './database.ts';

/** The first version whose SET accepts GET together with PX. https://redis.io/docs/latest/commands/set/ */
const OLDEST = [6, 2] as const;

const reachable = onRedis('redis', ({ info }): Verdict => {
  const version = info.get('valkey_version') ?? info.get('redis_version');
  if (version === undefined) return ok(`Redis answers. ${NO_INFO}`);
  const name = info.has('valkey_version') ? 'Valkey' : 'Redis';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return error(`${name} ${version} lacks commands that Gatehouse uses.`, `Use ${name} ${OLDEST.join('.')} or newer.`);
  if (info.get('role') === 'slave')
    return error(
      'This Redis is a replica and refuses writes.',
      'Set REDIS_URL to the address of its master, or use redis+sentinel://, which follows the master.',
    );
  if (info.get('loading') === '1')
    return warning('Redis is still loading its data from disk.', 'Wait until it is done, then run the checks again.');
  return ok(`${name} ${version} answers.`);
});

/** A Redis that cannot be reached, is a replica, or is older than 6.2 is an error. */
export const redis: Check = {
  ...reachable,
  judge: (facts) => (facts.redis.status === 'unreachable' ? error(...problemAndFix(facts.redis.problem)) : reachable.judge(facts)),
};
