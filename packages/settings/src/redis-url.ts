import { z } from 'zod';
import { refuse } from './problem.ts';

/** The address of a Redis server, a Sentinel master, or a cluster. */
export const redisUrlSchema = z.string().transform((text, ctx) => {
  // Not `URL.parse`: Sentinel and cluster addresses contain several hosts. The engine parses the whole address.
  if (/^rediss?(\+(sentinel|cluster))?:\/\/([^/@]*@)?[^/@\s]+(\/\S*)?$/i.test(text)) return text;
  if (/^(redis\+)?unix:\/\/([^/@]*@)?\/\S+$/i.test(text)) return text;
  return refuse(
    ctx,
    'must begin with redis://, redis+sentinel:// or redis+cluster:// (rediss for TLS) and contain a host, or begin with redis+unix:// and contain the path of a socket.',
    'Write redis://localhost:6379.',
  );
});
