import proxyAddr from 'proxy-addr';
import { parseIpAddress } from './ip-address.ts';

/**
 * For Express' `trust proxy`: `app.set('trust proxy', trustedProxies(settings.server.trustProxy))`. Proxies that are named by address are
 * known with a port behind their address, too, as some write it into `X-Forwarded-For` (Azure Application Gateway:
 * https://learn.microsoft.com/azure/application-gateway/how-application-gateway-works#modifications-to-the-request). Express alone takes such
 * an entry for a visitor's, so that everybody has the proxy's address.
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
