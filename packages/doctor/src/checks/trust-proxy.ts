import { isIPv4 } from 'node:net';
import { error, ok, type Check } from '../check.ts';

/** 10.0.0.0/8 and fc00::/7 are the largest private networks (RFC 1918, RFC 4193). */
const WIDEST = { ipv4: 8, ipv6: 7 } as const;

/**
 * The `X-Forwarded-*` headers of a trusted proxy determine whether a request counts as https and which address the client has. A range larger
 * than the private networks (10.0.0.0/8, fc00::/7) is an error, because clients in it could forge both. Fix: list the addresses of the
 * proxies, or their number. A missing `TRUST_PROXY` only shows in requests: the server logs the first one with `X-Forwarded-For`.
 */
export const trustProxy: Check = {
  id: 'trust-proxy',
  needs: ['TRUST_PROXY'],
  judge({ settings: { server } }) {
    const { trustProxy: trusted } = server;
    if (trusted === false) return ok('No proxy is trusted; X-Forwarded-* headers are ignored.');
    if (typeof trusted === 'number')
      return ok(trusted === 1 ? 'One proxy in front is trusted.' : `${trusted} proxies in front are trusted.`);
    const wide = trusted.filter(isWide);
    if (wide.length === 0) return ok(`Proxies at ${trusted.join(', ')} are trusted.`);
    return error(
      `TRUST_PROXY has ${wide.join(' and ')}, which is larger than any private network: clients in it could forge their address and the https scheme.`,
      'List the addresses of the proxies, or set their number (1).',
    );
  },
};

function isWide(entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  if (bits === undefined) return false;
  return Number(bits) < (isIPv4(address) ? WIDEST.ipv4 : WIDEST.ipv6);
}
