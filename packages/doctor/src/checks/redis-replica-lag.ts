import { engineEntry } from '@gatehouse/session/registry';
import { ok, skipped, warning, type Verdict } from '../check.ts';
import { MAX_LAG_BYTES, MAX_LAG_MS } from '../replica-lag.ts';
import { NO_INFO, onRedis } from '../on-redis.ts';

/**
 * Warns if a replica is not connected, has not confirmed anything for more than 10 seconds, or is more than 1 MiB behind. A failover to it
 * would lose the latest changes, also sign-outs, so that ended sessions are valid again. For `cached_db`, Redis only has copies. Fix: look
 * for the cause in the replica's log; with `?wait=1` in `REDIS_URL`, the end of a session waits for a replica.
 */
export const redisReplicaLag = onRedis('redis-replica-lag', ({ info }, { settings }): Verdict => {
  const count = info.get('connected_slaves');
  if (count === undefined) return skipped(NO_INFO);
  if (count === '0') return ok('Redis has no replicas.');
  if (engineEntry(settings.session.engine).sessionsIn === 'database') return ok('Redis only has copies, which it may lose.');
  const written = Number(info.get('master_repl_offset') ?? 0);
  const late = [...info].flatMap(([field, value]) => (/^slave\d+$/.test(field) ? problemOf(value, written) : []));
  if (late.length === 0) return ok(`${count === '1' ? 'The replica is' : `All ${count} replicas are`} up to date.`);
  return warning(
    `${late.join(' ')} A failover would lose the latest changes, also sign-outs.`,
    'Look into the log of the replica, and at its load and its connection. redis-cli INFO replication shows the lag.',
  );
});

/** `ip=10.0.0.2,port=6379,state=online,offset=1234,lag=0`; `lag` is in seconds. */
function problemOf(line: string, written: number): string[] {
  const fields = new Map(line.split(',').map((pair): [string, string] => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]));
  const name = `${fields.get('ip')}:${fields.get('port')}`;
  if (fields.get('state') !== 'online') return [`The replica ${name} is not in sync (${fields.get('state')}).`];
  const behind = written - Number(fields.get('offset') ?? written);
  if (behind > MAX_LAG_BYTES) return [`The replica ${name} is ${Math.round(behind / 1024)} KiB behind.`];
  const silent = Number(fields.get('lag') ?? 0);
  return silent * 1000 > MAX_LAG_MS ? [`The replica ${name} has confirmed nothing for ${silent} s.`] : [];
}
