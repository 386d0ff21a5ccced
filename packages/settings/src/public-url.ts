import { z } from 'zod';
import { refuse } from './problem.ts';

const FIX = 'Write the address that users open: https://app.example, https://example.org/app or http://localhost:3000.';

/** An http or https address, with or without a path. Messages do not show the value, because it may contain a password. */
export const publicUrlSchema = z.string().transform((text, ctx): URL => {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return refuse(ctx, 'must be an http or https address.', FIX);
  if (url.username || url.password) return refuse(ctx, 'must not contain a user name or password.', FIX);
  if (url.search || url.hash) return refuse(ctx, 'must not have a query or hash.', FIX);
  if (!BASE_PATH.test(basePathOf(url)))
    return refuse(ctx, 'has a path with characters other than letters, digits, dots, dashes and underscores.', FIX);
  return url;
});

/** It becomes the path of the cookie, and is compared with requested paths, so it has no characters that can be written in two ways. */
const BASE_PATH = /^(?:\/[\w.-]+)*$/;

/** The path that an app is served under, such as `/app`; empty for the root of a host. */
export const basePathOf = ({ pathname }: URL): string => pathname.replace(/\/+$/, '');

/** Reachable only from this machine. Browsers treat http as secure there. */
export const isLoopback = ({ hostname }: URL): boolean => /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
