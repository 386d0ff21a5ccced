import { ErrorReply } from 'redis';
import { StorageUnavailableError } from '../../errors.ts';

/**
 * Replies of a server that cannot do what it is asked at this moment: it is loading, a replica, full, busy or cut off, or it refuses the
 * sign-in. https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors. Every other reply is about the command: WRONGTYPE,
 * a mistake in a script, a right that the account lacks.
 */
const OUTAGES =
  'LOADING|MASTERDOWN|NOMASTERLINK|CLUSTERDOWN|READONLY|OOM|MISCONF|NOREPLICAS|NOGOODSLAVE|TRYAGAIN|MOVED|ASK|BUSY|IOERR|NOAUTH|WRONGPASS|DENIED|ERR max number of clients';

/** Before Redis 7 the error of a script's command stands in the middle of the script's: `… @user_script: 1: -OOM command not allowed …`. */
const OUTAGE_REPLY = new RegExp(`^(?:${OUTAGES})\\b|: -(?:${OUTAGES})\\b`);

/** Errors about a value, thrown before anything is sent. */
const isOfTheCode = (error: unknown): boolean => error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;

/** An outage of Redis as a StorageUnavailableError, any other error as it is. What no server has replied is about the connection. */
export function redisError(error: unknown): unknown {
  if (error instanceof StorageUnavailableError || isOfTheCode(error)) return error;
  if (error instanceof ErrorReply && !OUTAGE_REPLY.test(error.message)) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new StorageUnavailableError(`Redis cannot answer: ${said}`, { cause: error });
}
