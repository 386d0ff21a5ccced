import { ErrorReply } from 'redis';
import { StorageUnavailableError } from '../../errors.ts';

/**
 * Replies of a server that temporarily cannot execute a command: it is loading, a replica, full, busy or cut off, or it
 * refuses the sign-in. https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors. Every other reply
 * is an error of the command: WRONGTYPE, a mistake in a script, a missing right.
 */
const OUTAGES =
  'LOADING|MASTERDOWN|NOMASTERLINK|CLUSTERDOWN|READONLY|OOM|MISCONF|NOREPLICAS|NOGOODSLAVE|TRYAGAIN|MOVED|ASK|BUSY|IOERR|NOAUTH|WRONGPASS|DENIED|ERR max number of clients';

/**
 * Before Redis 7, the error of a command in a script is inside of the script's error: `… @user_script: 1: -OOM command
 * not allowed …`.
 */
const OUTAGE_REPLY = new RegExp(`^(?:${OUTAGES})\\b|: -(?:${OUTAGES})\\b`);

/** Errors of our code, thrown before anything is sent. */
const isOfTheCode = (error: unknown): boolean => error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;

/**
 * Converts outages of Redis to StorageUnavailableError and returns other errors unchanged. An error that is not a
 * server's reply comes from the connection.
 */
export function redisError(error: unknown): unknown {
  if (error instanceof StorageUnavailableError || isOfTheCode(error)) return error;
  if (error instanceof ErrorReply && !OUTAGE_REPLY.test(error.message)) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new StorageUnavailableError(`Redis is unavailable: ${said}`, { cause: error });
}
