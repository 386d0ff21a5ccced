import { engineEntry } from '@gatehouse/session/registry';
import { error, ok, skipped, warning, type Verdict } from '../check.ts';
import { MAY_NOT_ASK, onRedis } from '../on-redis.ts';

const MEND = 'Set appendonly yes in redis.conf (and at once: redis-cli CONFIG SET appendonly yes).';

/**
 * Without `appendonly yes`, a crash loses everything since the last snapshot: sessions, and also sign-outs, so that ended sessions work
 * again. Without snapshots, a restart signs everyone out. Both are warnings for `redis`; `cached_db` needs neither. A Redis that failed to
 * write to its disk is an error, because it may refuse to store anything.
 */
export const redisPersistence = onRedis('redis-persistence', ({ info, save }, { settings }): Verdict => {
  const aof = info.get('aof_enabled');
  if (aof === undefined) return skipped(MAY_NOT_ASK);
  const failing = info.get('rdb_last_bgsave_status') === 'err' || info.get('aof_last_write_status') === 'err';
  if (failing)
    return error(
      'Redis could not write to its disk, and may refuse to store sessions.',
      'Make room on its disk and look into its log; it goes on by itself after the next write that works.',
    );
  if (engineEntry(settings.session.engine).sessionsIn === 'database') return ok('Redis holds copies alone: it may lose all of them.');
  if (aof === '1') return ok('Every change is appended to a file.');
  if (save === '') return warning('Redis keeps nothing on a disk: when it restarts, everyone is signed out.', MEND);
  return warning(
    save === undefined
      ? 'Redis appends no changes to a file: after a crash sessions are lost, and a sign-out since its last snapshot, if it makes any, comes undone.'
      : `Redis keeps snapshots only (save ${save}): after a crash what came after the last one is lost, and a sign-out comes undone.`,
    MEND,
  );
});
