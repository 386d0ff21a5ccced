import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The address in a text, one value for one machine however it is written; undefined if there is none. A zone is left out, and so is the port
 * that some proxies write behind it. An IPv4 address that came in over IPv6 is an IPv4 address (RFC 4291, 2.5.5.2).
 */
export function parseIpAddress(text: string | undefined): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const [bare = ''] = withoutPort(text ?? '').split('%', 1);
  // ipaddr.js alone would also take short and octal forms, as `inet_aton` does: `1`, `0x7f.1`.
  return isIP(bare) === 0 ? undefined : ipaddr.process(bare);
}

const withoutPort = (text: string): string =>
  /^\[(?<v6>[^\]]+)\](:\d+)?$/.exec(text)?.groups?.['v6'] ?? /^(?<v4>\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.groups?.['v4'] ?? text;
