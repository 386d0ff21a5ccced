import { Cookie, CookieJar } from 'tough-cookie';
import { plainRequest, type PlainAnswer } from './plain-request.ts';

/** A browser that stores cookies by domain and path as in RFC 6265, and sends them to every app on its host. */
export function jarBrowser(origin: string, jar = new CookieJar()) {
  const { host } = new URL(origin);

  async function send(server: string, path: string, method: string): Promise<PlainAnswer> {
    const cookie = await jar.getCookieString(origin + path);
    const answer = await plainRequest(server + path, { method, headers: { host, ...(cookie !== '' && { cookie }) } });
    for (const header of answer.setCookies) await jar.setCookie(header, origin + path, { ignoreError: true });
    return answer;
  }

  return {
    jar,
    get: (server: string, path: string): Promise<PlainAnswer> => send(server, path, 'GET'),
    post: (server: string, path: string): Promise<PlainAnswer> => send(server, path, 'POST'),
    /** Domain and path of all cookies with a name. */
    async places(name: string): Promise<string[]> {
      const stored = (await jar.serialize()).cookies.flatMap((cookie) => Cookie.fromJSON(cookie) ?? []);
      return stored
        .filter((cookie) => cookie.key === name && cookie.TTL() > 0)
        .map(({ domain, path, hostOnly }) => `${hostOnly === true ? '' : '.'}${domain}${path}`)
        .toSorted();
    },
  };
}
