import type { IncomingMessage, ServerResponse } from 'node:http';

/** As Express 4 and 5, connect, polka, Vite, plain `http` and Socket.IO's `engine.use` call it. */
export type NodeMiddleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

/** What Express adds to a request. Other servers give a plain Node object, where all of it is undefined. */
interface ExpressParts {
  readonly secure?: unknown;
  readonly protocol?: unknown;
  readonly originalUrl?: unknown;
  readonly app?: { readonly get?: (setting: string) => unknown };
}

/**
 * The request came over https. Express decides by its `trust proxy`; elsewhere the socket does, unless a middleware of the app
 * has set `req.secure`.
 */
export function isSecure(req: IncomingMessage): boolean {
  const { secure, protocol } = req as ExpressParts;
  // Express compares with 'https' by the letter; names of schemes have no case (RFC 3986, 3.1).
  if (typeof secure === 'boolean') return secure || (typeof protocol === 'string' && protocol.toLowerCase() === 'https');
  return (req.socket as { encrypted?: boolean } | undefined)?.encrypted === true;
}

/** The URL as it arrived: routers cut what they have matched off `url`. */
export function originalUrl(req: IncomingMessage): string {
  const { originalUrl: original } = req as ExpressParts;
  return typeof original === 'string' ? original : (req.url ?? '/');
}

export const pathnameOf = (path: string): string => path.split(/[?#]/, 1)[0] ?? '';

/** As browsers match the path of a cookie: RFC 6265, 5.1.4. */
export const isPathUnder = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** What this server was called, by `Host` and, if Express trusts the proxy, by `X-Forwarded-Host`. */
export function requestHosts(req: IncomingMessage): string[] {
  const forwarded = trustsProxy(req) ? firstOf(req.headers['x-forwarded-host']) : undefined;
  return [forwarded, req.headers.host].filter((host) => host !== undefined && host !== '') as string[];
}

/** Without the port and the dot of a full name; lower case. Empty if a text is none. */
export const hostnameOf = (host: string): string => (URL.parse(`http://${host}`)?.hostname ?? '').replace(/\.$/, '');

function trustsProxy(req: IncomingMessage): boolean {
  const trust = (req as ExpressParts).app?.get?.('trust proxy fn');
  return typeof trust === 'function' && Boolean((trust as (address: unknown, hop: number) => unknown)(req.socket?.remoteAddress, 0));
}

const firstOf = (header: string | string[] | undefined): string | undefined =>
  String(header ?? '')
    .split(',', 1)[0]
    ?.trim();
