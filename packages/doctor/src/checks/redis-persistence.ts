import { engineEntry } from '@gatehouse/session/registry';
import { error, ok, skipped, warning, type Verdict } from '../check.ts';
import { NO_INFO, onRedis } from '../on-redis.ts';

const FIX = 'Set appendonly yes in redis.conf, and right now: redis-cli CONFIG SET appendonly yes';

/**
 * Without `appendonly yes`, a crash loses everything since the last snapshot: new sessions, and also sign-outs, so that ended sessions are
 * valid again. Without snapshots, a restart signs everyone out. Both are warnings for `redis`; `cached_db` needs neither. If Redis failed to
 * write to its disk, that is an error, because it may refuse to store sessions.
 */
export const redisPersistence = onRedis('redis-persistence', ({ info, save }, { settings }): Verdict => {
  const aof = info.get('aof_enabled');
  if (aof === undefined) return skipped(NO_INFO);
  const failing = info.get('rdb_last_bgsave_status') === 'err' || info.get('aof_last_write_status') === 'err';
  if (failing)
    return error(
      'Redis could not write to its disk and may refuse to store sessions.',
      'Free disk space and check the log of Redis. It recovers after the next successful write.',
    );
  if (engineEntry(settings.session.engine).sessionsIn === 'database') return ok('Redis only has copies, which it may lose.');
  if (aof === '1') return ok('Every change is appended to a file.');
  if (save === '') return warning('Redis stores nothing on disk: when it restarts, everyone is signed out.', FIX);
  return warning(
    save === undefined
      ? 'Redis has no append-only file: a crash loses everything since its last snapshot, if it makes any, and ended sessions may become valid again.'
      : `Redis keeps snapshots only (save ${save}): a crash loses everything since the last one, and ended sessions may become valid again.`,
    FIX,
  );
});
