import { CookieJar as ToughJar } from 'tough-cookie';

/** Keeps cookies between calls, separately for each origin: http://localhost:3000 and http://localhost:4000 are different servers. */
export interface CookieJar {
  /** The `Cookie` header for a request to this URL; empty if there are no cookies. */
  cookieHeader(url: URL): string;
  /** Stores the cookies of `Set-Cookie` headers from this URL. */
  receive(url: URL, setCookie: readonly string[]): void;
  /** Removes all cookies of this URL's origin. */
  clear(url: URL): void;
}

/** One jar per origin, because cookies do not distinguish ports (RFC 6265, 8.5). */
export type JarsByOrigin = Map<string, ToughJar>;

/** Keeps cookies in memory until the process ends. */
export const memoryCookieJar = (): CookieJar => createJar(new Map(), () => {});

/** @param onChange is called after each change to `jars`. */
export function createJar(jars: JarsByOrigin, onChange: () => void): CookieJar {
  return {
    // Requests of a Node client are never cross-site, so SameSite=Strict cookies are sent too.
    cookieHeader: (url) => jars.get(url.origin)?.getCookieStringSync(url.href, { sameSiteContext: 'strict' }) ?? '',
    receive(url, setCookie) {
      if (setCookie.length === 0) return;
      const jar = jars.get(url.origin) ?? new ToughJar();
      jars.set(url.origin, jar);
      // Like a browser, ignore invalid cookies.
      for (const cookie of setCookie) jar.setCookieSync(cookie, url.href, { ignoreError: true, sameSiteContext: 'strict' });
      // `getCookies` removes expired cookies, so the id of an ended session is not kept.
      if (jar.getCookiesSync(url.href, { allPaths: true, sameSiteContext: 'strict' }).length === 0) jars.delete(url.origin);
      onChange();
    },
    clear(url) {
      if (jars.delete(url.origin)) onChange();
    },
  };
}
