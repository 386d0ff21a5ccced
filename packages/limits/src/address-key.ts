import { parseIpAddress } from '@gatehouse/session/request';

/** Calls without a known address share one bucket, so that they are limited as well. */
const UNKNOWN = 'unknown';

/**
 * The client that an address stands for: an IPv4 address, or the /64 network of an IPv6 address. A household has at least a whole /64
 * (RFC 6177), so a limit per IPv6 address would never be reached.
 */
export function addressKey(text: string | undefined): string {
  const address = parseIpAddress(text);
  if (address === undefined) return UNKNOWN;
  if (!('parts' in address)) return address.toString();
  const network = address.parts.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
