import proxyAddr from 'proxy-addr';
import { parseIpAddress } from './ip-address.ts';

/**
 * Value for Express' `trust proxy`: `app.set('trust proxy', trustedProxies(settings.server.trustProxy))`. Also
 * recognizes a proxy whose address in `X-Forwarded-For` has a port, as Azure Application Gateway writes it
 * (https://learn.microsoft.com/azure/application-gateway/how-application-gateway-works#modifications-to-the-request).
 * Express alone would take that entry for a client, so that all clients had the proxy's address.
 */
export function trustedProxies(
  trusted: false | number | readonly string[],
): false | number | ((address: string | undefined, hop: number) => boolean) {
  if (trusted === false || typeof trusted === 'number') return trusted;
  const trusts = proxyAddr.compile([...trusted]);
  return (address, hop) => {
    const known = parseIpAddress(address);
    return known !== undefined && trusts(known.toString(), hop);
  };
}
