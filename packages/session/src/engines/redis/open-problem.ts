import type { RedisPlace } from './redis-url.ts';

/** What is wrong and the mend, of an error at opening. */
export function openProblem(error: unknown, _place: RedisPlace): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ECONNREFUSED') return 'nothing listens there. Start Redis, or set REDIS_URL to where it runs.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host is not known. Set REDIS_URL to one that is.';
  if (code === undefined && /Socket timeout|Connection timeout|^no answer$/i.test(message))
    return 'something listens there and does not answer. Check that it is Redis, and that it is not stopped or overloaded.';
  if (/WRONGPASS|NOAUTH|NOPERM/.test(message))
    return 'it refuses the user name or password. Put the right ones into REDIS_URL, percent-encoded.';
  if (/Protocol|unexpected|Cannot parse|reply/i.test(message)) return 'what answers there is not Redis. Check host and port of REDIS_URL.';
  return `${message}. Check REDIS_URL, and that Redis runs and answers.`;
}
