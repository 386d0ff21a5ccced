import { CookieJar } from 'tough-cookie';
import { AJAX } from './visitor.ts';

export interface JarAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The result of a tRPC call, or the whole body. */
  readonly data: any;
  readonly reason: string | undefined;
}

/** A browser with a cookie jar (RFC 6265), which shares cookies between the apps of a host. */
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
    /** The value of a cookie that the browser would send, or undefined. */
    cookie: async (url: string, name: string): Promise<string | undefined> =>
      (await jar.getCookies(url)).find(({ key }) => key === name)?.value,
    /** Another browser with a copy of the cookies. */
    copy: async () => jarBrowser(await jar.clone()),
  };
}

export type JarBrowser = ReturnType<typeof jarBrowser>;
