import { z } from 'zod';
import { refuse } from './problem.ts';

/** Where a Redis is: one server, Sentinel's master, or a cluster. */
export const redisUrlForm = z.string().transform((text, ctx) => {
  // Sentinel's and a cluster's list several hosts, which URL.parse does not take; the engine reads it whole.
  if (/^rediss?(\+(sentinel|cluster))?:\/\/([^/@]*@)?[^/@\s]+(\/\S*)?$/i.test(text)) return text;
  if (/^(redis\+)?unix:\/\/([^/@]*@)?\/\S+$/i.test(text)) return text;
  return refuse(
    ctx,
    'must begin with redis://, redis+sentinel:// or redis+cluster:// (rediss for TLS) and name a host, or with redis+unix:// and name a socket file.',
    'Write redis://localhost:6379.',
  );
});
