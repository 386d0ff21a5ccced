import type { IncomingMessage, ServerResponse } from 'node:http';

/** Middleware for Express 4 and 5, connect, polka, Vite, plain `http` and Socket.IO's `engine.use`. */
export type NodeMiddleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

/** Properties that Express adds to a request. They are undefined on other servers. */
interface ExpressParts {
  readonly secure?: unknown;
  readonly protocol?: unknown;
  readonly originalUrl?: unknown;
  readonly app?: { readonly get?: (setting: string) => unknown };
}

/**
 * Whether the request came over https. In Express, `trust proxy` decides; elsewhere the socket, unless a middleware has
 * set `req.secure`.
 */
export function isSecure(req: IncomingMessage): boolean {
  const { secure, protocol } = req as ExpressParts;
  // Express compares case-sensitively, but schemes are case-insensitive (RFC 3986, 3.1).
  if (typeof secure === 'boolean') return secure || (typeof protocol === 'string' && protocol.toLowerCase() === 'https');
  return (req.socket as { encrypted?: boolean } | undefined)?.encrypted === true;
}

/** The URL as it arrived. Routers remove the matched prefix from `url`. */
export function originalUrl(req: IncomingMessage): string {
  const { originalUrl: original } = req as ExpressParts;
  return typeof original === 'string' ? original : (req.url ?? '/');
}

export const pathnameOf = (path: string): string => path.split(/[?#]/, 1)[0] ?? '';

/** Path matching as in browsers: RFC 6265, 5.1.4. */
export const isPathUnder = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** The hosts that the request was sent to: `X-Forwarded-Host`, if Express trusts the proxy, and `Host`, or its equivalent in HTTP/2. */
export function requestHosts(req: IncomingMessage): string[] {
  const forwarded = trustsProxy(req) ? firstOf(req.headers['x-forwarded-host']) : undefined;
  // No header of HTTP/1 has a name with a colon.
  return [forwarded, req.headers.host ?? firstOf(req.headers[':authority'])].filter(
    (host) => host !== undefined && host !== '',
  ) as string[];
}

/** Host name in lower case, without port and trailing dot. Empty if the text is invalid. */
export const hostnameOf = (host: string): string => (URL.parse(`http://${host}`)?.hostname ?? '').replace(/\.$/, '');

function trustsProxy(req: IncomingMessage): boolean {
  const trust = (req as ExpressParts).app?.get?.('trust proxy fn');
  return typeof trust === 'function' && Boolean((trust as (address: unknown, hop: number) => unknown)(req.socket?.remoteAddress, 0));
}

const firstOf = (header: string | string[] | undefined): string | undefined =>
  String(header ?? '')
    .split(',', 1)[0]
    ?.trim();
