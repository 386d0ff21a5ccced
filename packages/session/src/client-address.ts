import { isIPv4 } from 'node:net';
import type { Request } from 'express';
import { parseIpAddress } from './ip-address.ts';

/**
 * The address that a request came from, as far as `trust proxy` says whom to believe, in its canonical text (RFC 5952); null if what
 * a trusted proxy passed on is no address.
 */
export function clientAddress({ ip }: Pick<Request, 'ip'>): string | null {
  // Nearly every one, and this runs for each request.
  const plain = ip?.startsWith('::ffff:') ? ip.slice('::ffff:'.length) : ip;
  if (plain !== undefined && isIPv4(plain)) return plain;
  return parseIpAddress(ip)?.toString() ?? null;
}
