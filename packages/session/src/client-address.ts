import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { parseIpAddress } from './ip-address.ts';

/**
 * The address that a request came from, as far as `trust proxy` says whom to believe, in its canonical text (RFC 5952); null if what
 * a trusted proxy passed on is no address. Outside Express: that of the socket, unless a middleware of the app has set `req.ip`.
 */
export function clientAddress(req: { readonly ip?: string | undefined } | IncomingMessage): string | null {
  const ip = 'ip' in req ? req.ip : (req as IncomingMessage).socket?.remoteAddress;
  // Nearly every one, and this runs for each request.
  const plain = ip?.startsWith('::ffff:') ? ip.slice('::ffff:'.length) : ip;
  if (plain !== undefined && isIPv4(plain)) return plain;
  return parseIpAddress(ip)?.toString() ?? null;
}
