import { z } from 'zod';
import { refuse } from './problem.ts';

const MEND = 'Write the address people type, without a path: https://app.example or http://localhost:3000.';

/** An http or https origin. The value is not shown in messages: someone may have put a password into it. */
export const originForm = z.string().transform((text, ctx): URL => {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return refuse(ctx, 'must be an http or https address.', MEND);
  if (url.username || url.password) return refuse(ctx, 'may not have a user name or password in it.', MEND);
  if (url.pathname !== '/' || url.search || url.hash) return refuse(ctx, 'may not have a path, query or hash: it is an origin.', MEND);
  return url;
});

/** Reached from this machine only: http is safe there, and browsers treat it as such. */
export const isLoopback = ({ hostname }: URL): boolean => /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
