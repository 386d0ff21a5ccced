import { CookieJar } from 'tough-cookie';
import { AJAX } from './visitor.ts';

export interface JarAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What tRPC answered, or the reason why not. */
  readonly data: any;
  readonly reason: string | undefined;
}

/** A browser that holds any number of cookies, by the rules of RFC 6265, and takes them from one app to the next on a host. */
export function jarBrowser(jar = new CookieJar()) {
  async function send(url: string, init: RequestInit = {}): Promise<JarAnswer> {
    const cookie = await jar.getCookieString(url);
    const response = await fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...(cookie && { cookie }) } });
    for (const header of response.headers.getSetCookie()) await jar.setCookie(header, url);
    const text = await response.text();
    const body = JSON.parse(text) as { result?: { data?: unknown }; error?: { data?: { reason?: string } } };
    return { status: response.status, headers: response.headers, text, data: body.result?.data ?? body, reason: body.error?.data?.reason };
  }
  return {
    get: (url: string): Promise<JarAnswer> => send(url),
    post: (url: string, body?: object): Promise<JarAnswer> =>
      send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...AJAX },
        body: body === undefined ? '' : JSON.stringify(body),
      }),
    /** The value of a cookie that it would send; undefined: it has none of the name. */
    cookie: async (url: string, name: string): Promise<string | undefined> =>
      (await jar.getCookies(url)).find(({ key }) => key === name)?.value,
    /** Another with the same cookies: what was copied out of this one, or its next request. */
    copy: async () => jarBrowser(await jar.clone()),
  };
}

export type JarBrowser = ReturnType<typeof jarBrowser>;
