/** A response with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Raw Set-Cookie headers. */
  readonly setCookies: readonly string[];
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- A test knows what it asked for.
  json<T>(): T;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export interface Browser {
  /** Name and value of each cookie. */
  readonly cookies: Map<string, string>;
  get(path: string, options?: RequestOptions): Promise<Answer>;
  post(path: string, options?: RequestOptions): Promise<Answer>;
}

/** A client with a cookie store that follows no redirects. `cookies`: shares those of another browser. */
export function createBrowser(url: string, cookies = new Map<string, string>()): Browser {
  async function send(path: string, { method = 'GET', headers = {}, signal }: RequestOptions): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: { ...(cookie !== '' && { cookie }), ...headers },
      ...(signal && { signal }),
    });
    const setCookies = response.headers.getSetCookie();
    for (const header of setCookies) {
      const [pair = '', ...attributes] = header.split('; ');
      const name = pair.slice(0, pair.indexOf('='));
      if (attributes.includes('Max-Age=0')) cookies.delete(name);
      else cookies.set(name, pair.slice(name.length + 1));
    }
    const text = await response.text();
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- As above.
    const json = <T>() => JSON.parse(text) as T;
    return { status: response.status, headers: response.headers, text, setCookies, json };
  }

  return {
    cookies,
    get: (path, options = {}) => send(path, options),
    post: (path, options = {}) => send(path, { ...options, method: 'POST' }),
  };
}

/** The token in a session cookie, `handle.secret`. The cookie's value is `s:handle.secret.mac`, encoded. */
export const tokenIn = (cookie: string | undefined): string => {
  const text = decodeURIComponent(cookie ?? '').slice(2);
  return text.slice(0, Math.max(0, text.lastIndexOf('.')));
};

/** The public id in a session cookie. */
export const handleIn = (cookie: string | undefined): string => tokenIn(cookie).split('.')[0] ?? '';

/** The secret in a session cookie. */
export const secretIn = (cookie: string | undefined): string => tokenIn(cookie).split('.')[1] ?? '';
