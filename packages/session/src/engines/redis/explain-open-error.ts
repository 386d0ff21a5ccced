import type { RedisTarget } from './redis-url.ts';

const NOT_LISTENING = 'no server listens there. Start Redis, or correct REDIS_URL.';

const SOCKET_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist. Start Redis with this path as its unixsocket, or correct REDIS_URL.',
  EACCES: 'this user may not use the file. Add the user to its group and set unixsocketperm 770 in redis.conf.',
  ECONNREFUSED: 'no server listens on this socket. Start Redis, or correct REDIS_URL.',
  ENOTSOCK: 'the file is not a socket. Use the path that redis.conf has as unixsocket.',
};

/** OpenSSL's error codes for a certificate that is not trusted, or not valid for this host. */
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID)/;

/** Explains an error at opening and how to fix it. Redis identifies errors by the first word of the message, not by a code. */
export async function explainOpenError(error: unknown, target: RedisTarget, timeoutMs: number): Promise<string> {
  const { code = '', message } = error as { code?: string; message: string };
  if (target.kind === 'socket' && SOCKET_PROBLEMS[code]) return SOCKET_PROBLEMS[code];
  if (code === 'ECONNREFUSED') return NOT_LISTENING;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host is unknown. Correct the host in REDIS_URL.';
  if (UNTRUSTED.test(code))
    return `its certificate is not trusted (${code}). Set NODE_EXTRA_CA_CERTS to the file of the authority that signed it, and use a host in REDIS_URL that the certificate names.`;
  if (/'client(\|tracking|\|id)?'/.test(message))
    return 'this account may not use CLIENT TRACKING and CLIENT ID, which SESSION_NEAR_CACHE needs. Add +client|tracking +client|id to its rights, or set SESSION_NEAR_CACHE=0.';
  if (/^(WRONGPASS|NOAUTH|NOPERM)/.test(message))
    return 'it refused the user name or password. Put the right ones into REDIS_URL, percent-encoded.';
  if (message.startsWith('ERR No such master'))
    return `Sentinel has no master named ${masterOf(target)}. Correct the name after the last slash.`;
  if (message.startsWith("ERR unknown command 'SENTINEL'"))
    return 'it is Redis, but not Sentinel. Use the address of a Sentinel, or redis:// without +sentinel.';
  if (message.startsWith("ERR unknown command 'ZCOUNT'"))
    return 'it is Sentinel. Use redis+sentinel:// with the name of the master after a slash.';
  if (/^(MOVED|CLUSTERDOWN)/.test(message)) return 'it is a node of a cluster. Use redis+cluster://, and check that the cluster is up.';
  if (message.startsWith('ERR DB index')) return 'it has no database with this number. Use a smaller number, or none.';
  return (await otherProduct(target, timeoutMs)) ?? `${message.trim()}. Check REDIS_URL, and that Redis is running.`;
}

/** Detects which product answers there. The library only knows that it cannot parse the reply. */
async function otherProduct(target: RedisTarget, timeoutMs: number): Promise<string | undefined> {
  if (target.kind === 'socket') return undefined;
  const {
    nodes: [first],
    tls,
  } = target;
  // Imported on use, because it loads the database drivers, which an app on Redis may not have.
  const databases = await import('@gatehouse/prisma').catch(() => undefined);
  if (!databases) return undefined;
  const product = await databases.detectServer(first, { timeoutMs });
  if (product === 'Redis') return tls ? 'it is Redis without TLS. Use redis:// instead of rediss://.' : undefined;
  if (product === undefined) return NOT_LISTENING;
  if (product !== 'something else') return `the server there is ${product}, not Redis. Check host and port in REDIS_URL.`;
  return `a server listens there, but it does not reply like Redis. Check host and port, whether it is stopped or overloaded${tls ? '' : ', and whether it requires TLS (rediss)'}.`;
}

const masterOf = (target: RedisTarget): string => (target.kind === 'sentinel' ? target.master : '');
