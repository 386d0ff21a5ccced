import { AJAX_HEADER, AJAX_HEADER_VALUE } from '@gatehouse/contract';

export const AJAX = { [AJAX_HEADER]: AJAX_HEADER_VALUE };

export interface TrpcAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: any;
  readonly error:
    | {
        message: string;
        data: {
          code: string;
          httpStatus: number;
          reason: string;
          fields?: Record<string, string[]>;
          requestId?: string;
          retryAfterSeconds?: number;
        };
      }
    | undefined;
}

export interface Visitor {
  /** The session cookie as sent, `name=value`; undefined: none. */
  cookie: string | undefined;
  /** The device cookie, in the same form. */
  device: string | undefined;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  query(procedure: string, input?: unknown): Promise<TrpcAnswer>;
  mutate(procedure: string, input?: unknown, headers?: Record<string, string>): Promise<TrpcAnswer>;
  signIn(identifier?: string, password?: string, remember?: boolean): Promise<TrpcAnswer>;
}

/** A minimal browser: keeps the session and device cookies, sends the ajax header with mutations, and follows no redirects. */
export function visitor(url: string): Visitor {
  const self: Visitor = {
    cookie: undefined,
    device: undefined,

    async fetch(path, init = {}) {
      const headers = new Headers(init.headers);
      const cookies = [self.cookie, self.device].filter((pair) => pair !== undefined);
      if (cookies.length > 0 && !headers.has('cookie')) headers.set('cookie', cookies.join('; '));
      const response = await fetch(url + path, { redirect: 'manual', ...init, headers });
      for (const header of response.headers.getSetCookie()) {
        const pair = header.split(';', 1)[0] ?? '';
        if (pair.includes('deviceid=')) self.device = pair;
        else self.cookie = pair.endsWith('=') ? undefined : pair;
      }
      return response;
    },

    async query(procedure, input) {
      return answer(
        await self.fetch(`/trpc/${procedure}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`),
      );
    },

    async mutate(procedure, input, headers = AJAX) {
      return answer(
        await self.fetch(`/trpc/${procedure}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: input === undefined ? '' : JSON.stringify(input),
        }),
      );
    },

    signIn: (identifier = 'ada', password = 'correct horse battery', remember) =>
      self.mutate('auth.login', { identifier, password, remember }),
  };
  return self;
}

async function answer(response: Response): Promise<TrpcAnswer> {
  const body = (await response.json()) as { result?: { data?: unknown }; error?: TrpcAnswer['error'] };
  return { status: response.status, headers: response.headers, data: body.result?.data, error: body.error };
}
