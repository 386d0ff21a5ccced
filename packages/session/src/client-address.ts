import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { parseIpAddress } from './ip-address.ts';

/**
 * The client's address in canonical form (RFC 5952), as far as `trust proxy` allows; null if a trusted proxy passed on
 * an invalid address. Outside Express it is the socket's address, unless a middleware has set `req.ip`.
 */
export function clientAddress(req: { readonly ip?: string | undefined } | IncomingMessage): string | null {
  const ip = 'ip' in req ? req.ip : (req as IncomingMessage).socket?.remoteAddress;
  // Fast path for almost every request.
  const plain = ip?.startsWith('::ffff:') ? ip.slice('::ffff:'.length) : ip;
  if (plain !== undefined && isIPv4(plain)) return plain;
  return parseIpAddress(ip)?.toString() ?? null;
}
