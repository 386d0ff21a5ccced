import { parseIpAddress } from '@gatehouse/session/request';

/** Of every call whose address is not known: they share one bucket, for a call without an address must not be one without a limit. */
const UNKNOWN = 'unknown';

/**
 * Whom an address counts for: an IPv4 address, or the /64 of an IPv6 one, because a household has all of those (RFC 6177) and a
 * limit by single addresses would never be reached.
 */
export function addressKey(text: string | undefined): string {
  const address = parseIpAddress(text);
  if (address === undefined) return UNKNOWN;
  if (!('parts' in address)) return address.toString();
  const network = address.parts.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
