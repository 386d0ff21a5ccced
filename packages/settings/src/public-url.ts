import { z } from 'zod';
import { refuse } from './problem.ts';

const FIX = 'Write the address that users open, without a path: https://app.example or http://localhost:3000.';

/** An http or https origin. Messages do not show the value, because it may contain a password. */
export const originSchema = z.string().transform((text, ctx): URL => {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return refuse(ctx, 'must be an http or https address.', FIX);
  if (url.username || url.password) return refuse(ctx, 'must not contain a user name or password.', FIX);
  if (url.pathname !== '/' || url.search || url.hash) return refuse(ctx, 'must not have a path, query or hash: it is an origin.', FIX);
  return url;
});

/** Reachable only from this machine. Browsers treat http as secure there. */
export const isLoopback = ({ hostname }: URL): boolean => /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
