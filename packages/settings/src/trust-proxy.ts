import { isIP } from 'node:net';
import { z } from 'zod';
import { quote, refuse } from './problem.ts';

/** A value for Express' `trust proxy`: false, a number of hops, or addresses, ranges and Express' names for ranges. */
export type TrustProxy = false | number | readonly string[];

/** https://expressjs.com/en/guide/behind-proxies.html */
const NAMED_RANGES = new Set(['loopback', 'linklocal', 'uniquelocal']);

const FIX = 'Write the number of proxies in front (1), or their addresses (10.0.0.5, 10.0.0.0/8, loopback).';

export const trustProxySchema = z.string().transform((text, ctx): TrustProxy => {
  const word = text.toLowerCase();
  if (['none', 'false', 'no', 'off', '0'].includes(word)) return false;
  if (/^\d{1,2}$/.test(word)) return Number(word);
  if (['true', 'yes', 'on', 'all', '*'].includes(word)) {
    return refuse(ctx, 'must not trust all clients: any client could then forge its IP address and claim to use https.', FIX);
  }
  const entries = word.split(',').map((entry) => entry.trim());
  for (const entry of entries) {
    if (/\/0+$/.test(entry)) refuse(ctx, `must not trust all clients, as ${quote(entry)} does.`, FIX);
    else if (!isAddressOrRange(entry)) refuse(ctx, `contains ${quote(entry)}, which is not an address, range or number of hops.`, FIX);
  }
  return entries;
});

function isAddressOrRange(entry: string): boolean {
  if (NAMED_RANGES.has(entry)) return true;
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
