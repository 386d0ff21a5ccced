import type { RedisPlace } from './redis-url.ts';

const NOTHING = 'nothing listens there. Start Redis, or set REDIS_URL to where it runs.';

const SOCKET_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file. Start Redis with this path as its unixsocket, or set REDIS_URL to where it listens.',
  EACCES: 'this user may not use the file. Add the user to its group and set unixsocketperm 770 in redis.conf.',
  ECONNREFUSED: 'nobody listens at this file. Start Redis, or set REDIS_URL to where it listens.',
  ENOTSOCK: 'this is a file and no socket. Write the path that redis.conf has as unixsocket.',
};

/** OpenSSL's words for a certificate that this machine does not trust, or not under this name. */
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID)/;

/** What is wrong and the mend, of an error at opening. Redis says what it is by the first word of its message, and by no code. */
export async function openProblem(error: unknown, place: RedisPlace, timeoutMs: number): Promise<string> {
  const { code = '', message } = error as { code?: string; message: string };
  if (place.kind === 'socket' && SOCKET_PROBLEMS[code]) return SOCKET_PROBLEMS[code];
  if (code === 'ECONNREFUSED') return NOTHING;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host is not known. Set REDIS_URL to one that is.';
  if (UNTRUSTED.test(code))
    return `its certificate is not trusted here (${code}). Name the file of the authority that signed it in NODE_EXTRA_CA_CERTS, and in REDIS_URL a host that the certificate names.`;
  if (/^(WRONGPASS|NOAUTH|NOPERM)/.test(message))
    return 'it refuses the user name or password. Put the right ones into REDIS_URL, percent-encoded.';
  if (message.startsWith('ERR No such master'))
    return `Sentinel knows no master ${masterOf(place)}. Correct the name after the last slash.`;
  if (message.startsWith("ERR unknown command 'SENTINEL'"))
    return 'it is Redis, but not Sentinel. Name a Sentinel, or write redis:// without +sentinel.';
  if (message.startsWith("ERR unknown command 'ZCOUNT'"))
    return 'it is Sentinel. Write redis+sentinel://, and the name of the master after a slash.';
  if (/^(MOVED|CLUSTERDOWN)/.test(message)) return 'it is a node of a cluster. Write redis+cluster://, and check that the cluster is up.';
  if (message.startsWith('ERR DB index')) return 'it has no database of this number. Leave the number out, or take a smaller one.';
  return (await otherProduct(place, timeoutMs)) ?? `${message.trim()}. Check REDIS_URL, and that Redis runs and answers.`;
}

/** By what answers there, without the library that only knows that it is not understood. */
async function otherProduct(place: RedisPlace, timeoutMs: number): Promise<string | undefined> {
  if (place.kind === 'socket') return undefined;
  const {
    nodes: [first],
    tls,
  } = place;
  // On use: it brings the database's drivers along, which an app on Redis need not have.
  const databases = await import('@gatehouse/prisma').catch(() => undefined);
  if (!databases) return undefined;
  const product = await databases.whoAnswers(first, { timeoutMs });
  if (product === 'Redis') return tls ? 'it is Redis without TLS. Write redis, and not rediss.' : undefined;
  if (product === undefined) return NOTHING;
  if (product !== 'something else') return `what answers there is not Redis but ${product}. Check host and port of REDIS_URL.`;
  return `something listens there and does not answer as Redis does. Check host and port, that it is not stopped or overloaded${tls ? '' : ', and whether it wants TLS (rediss)'}.`;
}

const masterOf = (place: RedisPlace): string => (place.kind === 'sentinel' ? place.master : '');
