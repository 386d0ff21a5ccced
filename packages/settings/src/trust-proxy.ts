import { isIP } from 'node:net';
import { z } from 'zod';
import { refuse, shown } from './problem.ts';

/** As Express' `trust proxy` takes it: nobody, a number of hops, or addresses, ranges and Express' names for ranges. */
export type TrustProxy = false | number | readonly string[];

/** https://expressjs.com/en/guide/behind-proxies.html */
const NAMED_RANGES = new Set(['loopback', 'linklocal', 'uniquelocal']);

const MEND = 'Write how many proxies stand in front (1), or their addresses (10.0.0.5, 10.0.0.0/8, loopback).';

export const trustProxyForm = z.string().transform((text, ctx): TrustProxy => {
  const word = text.toLowerCase();
  if (['none', 'false', 'no', 'off', '0'].includes(word)) return false;
  if (/^\d{1,2}$/.test(word)) return Number(word);
  if (['true', 'yes', 'on', 'all', '*'].includes(word)) {
    return refuse(ctx, 'may not trust everyone: any visitor could then write their own address and pass for https.', MEND);
  }
  const entries = word.split(',').map((entry) => entry.trim());
  for (const entry of entries) {
    if (/\/0+$/.test(entry)) refuse(ctx, `may not trust everyone, as ${shown(entry)} does.`, MEND);
    else if (!isAddressOrRange(entry)) refuse(ctx, `has ${shown(entry)}, which is no address, range or number of hops.`, MEND);
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
