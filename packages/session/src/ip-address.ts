import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Parses an IP address; undefined if the text is not one. Strips a zone and the port that some proxies append. An
 * IPv4-mapped IPv6 address becomes an IPv4 address (RFC 4291, 2.5.5.2), so that each machine has one value.
 */
export function parseIpAddress(text: string | undefined): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const [bare = ''] = withoutPort(text ?? '').split('%', 1);
  // ipaddr.js also accepts short and octal forms, as `inet_aton` does: `1`, `0x7f.1`.
  return isIP(bare) === 0 ? undefined : ipaddr.process(bare);
}

const withoutPort = (text: string): string =>
  /^\[(?<v6>[^\]]+)\](:\d+)?$/.exec(text)?.groups?.['v6'] ?? /^(?<v4>\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.groups?.['v4'] ?? text;
