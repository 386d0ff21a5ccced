import { isIP } from 'node:net';
import type { Request } from 'express';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The address that a request came from, as far as `trust proxy` says whom to believe; null if what a trusted proxy passed on is no
 * address. An IPv4 address is written as one, also where it came in over IPv6 (RFC 4291, 2.5.5.2), and a zone is left out.
 */
export function clientAddress({ ip }: Pick<Request, 'ip'>): string | null {
  const address = ip?.split('%', 1)[0] ?? '';
  if (isIP(address) === 0) return null;
  return MAPPED_IPV4.exec(address)?.[1] ?? address.toLowerCase();
}
