import { CookieJar as ToughJar } from 'tough-cookie';

/** Keeps cookies between calls, each origin's apart: http://localhost:3000 and http://localhost:4000 are two servers. */
export interface CookieJar {
  /** The `Cookie` header for a call to this address; empty if there is none to send. */
  cookieHeader(url: URL): string;
  /** Takes in the `Set-Cookie` headers of an answer from this address. */
  receive(url: URL, setCookie: readonly string[]): void;
  /** Forgets every cookie of this address' origin. */
  forget(url: URL): void;
}

/** Cookies by origin, as `fileCookieJar` writes them. RFC 6265 tells no ports apart, so each origin has a jar. */
export type JarsByOrigin = Map<string, ToughJar>;

/** Cookies that end with the process. */
export const memoryCookieJar = (): CookieJar => jarOf(new Map(), () => {});

/** A jar over these cookies that calls `changed` when they are no longer what they were. */
export function jarOf(jars: JarsByOrigin, changed: () => void): CookieJar {
  return {
    // A client that runs by itself is never "another site", so SameSite=Strict cookies are sent too.
    cookieHeader: (url) => jars.get(url.origin)?.getCookieStringSync(url.href, { sameSiteContext: 'strict' }) ?? '',
    receive(url, setCookie) {
      if (setCookie.length === 0) return;
      const jar = jars.get(url.origin) ?? new ToughJar();
      jars.set(url.origin, jar);
      // A cookie the server may not set, or that makes no sense, is dropped as a browser does it.
      for (const cookie of setCookie) jar.setCookieSync(cookie, url.href, { ignoreError: true, sameSiteContext: 'strict' });
      // Reading removes what has expired: a signed-out id is not kept.
      if (jar.getCookiesSync(url.href, { allPaths: true, sameSiteContext: 'strict' }).length === 0) jars.delete(url.origin);
      changed();
    },
    forget(url) {
      if (jars.delete(url.origin)) changed();
    },
  };
}
