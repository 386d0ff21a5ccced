import { isIP } from 'node:net';

/** Of every call whose address is not known: they share one bucket, for a call without an address must not be one without a limit. */
const UNKNOWN = 'unknown';

/**
 * Whom an address counts for: an IPv4 address, or the /64 of an IPv6 one, because a household has all of those (RFC 6177) and a
 * limit by single addresses would never be reached. `::ffff:192.0.2.1` is the same machine as `192.0.2.1`.
 */
export function addressKey(address: string | undefined): string {
  const bare = withoutPort(address ?? '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 4) return bare;
  if (family !== 6) return UNKNOWN;
  const groups = groupsOf(bare);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** Some proxies write the port as well: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const withoutPort = (text: string): string =>
  /^\[(?<v6>[^\]]+)\](:\d+)?$/.exec(text)?.groups?.['v6'] ?? /^(?<v4>\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.groups?.['v4'] ?? text;

/** The eight groups of an IPv6 address that `isIP` has let through. */
function groupsOf(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [a = 0, b = 0, c = 0, d = 0] = dotted?.slice(1).map(Number) ?? [];
  const plain = dotted ? `${address.slice(0, dotted.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}` : address;
  const [before = [], after] = plain
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16))));
  return after ? [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after] : before;
}
