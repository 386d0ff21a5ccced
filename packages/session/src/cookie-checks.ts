import type { IncomingMessage } from 'node:http';
import { CookieSettingsError, UndeliverableCookieError } from './errors.ts';
import { hostnameOf, isPathUnder, isSecure, pathnameOf, requestHosts } from './node-request.ts';
import type { CookieSettings } from './session-cookie.ts';
import type { BrowserPath } from './sign-in-path.ts';
import { warnOnce } from './warn-once.ts';

/** Browsers ignore a cookie if its name and value together, or one attribute, are longer than this (RFC 6265bis, 5.6). */
const MAX_COOKIE_BYTES = 4096;
const MAX_ATTRIBUTE_BYTES = 1024;
/** Length of the encoded value, `s:id.mac`. */
const VALUE_BYTES = 160;

/** @throws CookieSettingsError with every reason why browsers would not keep such a cookie. */
export function checkCookieSettings({ name, secure, sameSite, domain, path }: CookieSettings): void {
  const problems: string[] = [];
  const never = (condition: boolean, problem: string): void => void (condition && problems.push(problem));

  never(!/^[\w!#$%&'*+.^`|~-]+$/.test(name), 'name must be a token of letters, digits, - and _ (RFC 6265, 4.1.1).');
  never(name.length + VALUE_BYTES > MAX_COOKIE_BYTES, `name is too long: browsers keep ${MAX_COOKIE_BYTES} bytes of name and value.`);
  never(![true, false, 'auto'].includes(secure), "secure must be true, false or 'auto'.");
  never(!['lax', 'strict', 'none'].includes(sameSite), "sameSite must be 'lax', 'strict' or 'none'.");
  never(sameSite === 'none' && secure === false, "sameSite 'none' needs secure: browsers drop the cookie otherwise. Use 'lax', or https.");
  never(!/^\/[!-:<-~]*$/.test(path), 'path must begin with / and have no space, semicolon or control character.');
  never(path.length > MAX_ATTRIBUTE_BYTES, `path is longer than the ${MAX_ATTRIBUTE_BYTES} bytes that browsers read.`);
  never(
    domain !== undefined && (domain.length > 253 || !/^\.?([a-z0-9_-]+\.)*[a-z0-9_-]+$/i.test(domain)),
    'domain must be a host name without scheme and port, or left out: then this host alone gets the cookie.',
  );
  if (isPrefixed(name)) {
    never(secure === false, `name begins with ${name.slice(0, name.indexOf('-') + 1)}, which browsers keep only if secure.`);
    const bound = /^__host-/i.test(name);
    never(bound && path !== '/', 'name begins with __Host-, which browsers keep on path / only.');
    never(bound && domain !== undefined, 'name begins with __Host-, which browsers keep only without a domain.');
  }
  if (problems.length > 0) throw new CookieSettingsError(problems);
}

const isPrefixed = (name: string): boolean => /^__(host|secure)-/i.test(name);

/** @throws UndeliverableCookieError if the browser would not receive the cookie with this response, or would not keep it. */
export function assertDeliverable(req: IncomingMessage, cookie: CookieSettings, headersLeft: boolean): void {
  if (headersLeft)
    throw new UndeliverableCookieError(
      'The response headers were already sent, or there is no response, as in an upgrade to a WebSocket, so the session cookie cannot be set. Sign in, or put data into a new session, before the first byte is written.',
    );
  if (mustBeSecure(cookie) && !isSecure(req)) throw new UndeliverableCookieError(overPlainHttp(cookie, req));
}

/** Whether browsers keep the cookie over https only, whatever `secure` is. */
const mustBeSecure = ({ name, secure, sameSite }: CookieSettings): boolean => secure === true || sameSite === 'none' || isPrefixed(name);

function overPlainHttp({ name }: CookieSettings, req: IncomingMessage): string {
  const saysHttps = /^https\b/i.test(String(req.headers['x-forwarded-proto'] ?? '').trim());
  return [
    `The session cookie ${name} is for https only, but this server sees a plain http request:`,
    saysHttps ? 'it has X-Forwarded-Proto: https, but no proxy is trusted.' : 'no trusted proxy sent X-Forwarded-Proto: https.',
    'Behind a proxy with https, make the proxy send that header and trust it: app.set("trust proxy", 1), TRUST_PROXY=1; outside Express, set req.secure.',
    'To use plain http, for example on localhost, set the cookie’s secure to false: SESSION_COOKIE_SECURE=false.',
  ].join(' ');
}

/** Warns about a new session's cookie that the browser may drop. Only the browser knows, so the request is not refused. */
export function warnOfPlacement(req: IncomingMessage, { name, domain, path }: CookieSettings, browser: BrowserPath): void {
  const hosts = requestHosts(req).map((host) => hostnameOf(host));
  if (domain !== undefined && hosts.length > 0 && !hosts.some((host) => isUnder(host, domain.toLowerCase().replace(/^\./, ''))))
    warnOnce(
      'GATEHOUSE_COOKIE_DOMAIN',
      `The session cookie ${name} is for ${domain}, but a request came for another host. Unless a proxy changed the Host header, the browser drops the cookie. Set the domain to that host or a parent domain, or leave it out (SESSION_COOKIE_DOMAIN).`,
    );
  if (browser.isGuess)
    warnOnce(
      'GATEHOUSE_COOKIE_PATH',
      `A session was stored for a request outside of the session cookie’s path ${path}. If a proxy strips ${path}, make it send X-Forwarded-Prefix: ${path}. Otherwise browsers do not send the cookie ${name} there: set the path to / (SESSION_COOKIE_PATH).`,
    );
  else if (!isPathUnder(pathnameOf(browser.asked), path.replace(/\/+$/, '') || '/'))
    warnOnce(
      'GATEHOUSE_COOKIE_PATH_CASE',
      `A request’s path differs from the session cookie’s path ${path} in case, which routers allow, or has another prefix. Browsers compare paths exactly and do not send the cookie ${name} there. Link to the exact path, or set the path to / (SESSION_COOKIE_PATH).`,
    );
}

const isUnder = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);
