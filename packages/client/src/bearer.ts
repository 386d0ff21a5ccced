import { TOKEN_HEADER, TRANSPORT_BEARER, TRANSPORT_HEADER } from '@gatehouse/contract';

/**
 * Where a client without cookies keeps its session's token. The token is as good as a password: on a phone, use the keychain.
 * Both methods may be async.
 */
export interface TokenStore {
  get(): string | undefined | Promise<string | undefined>;
  /** undefined: forget it, because the session has ended. */
  set(token: string | undefined): void | Promise<void>;
}

/** Keeps the token until the program ends. */
export function memoryTokenStore(token?: string): TokenStore {
  let current = token;
  return {
    get: () => current,
    set(next) {
      current = next;
    },
  };
}

/** The server answered a sign-in without a token. */
export class BearerUnavailableError extends Error {
  override readonly name = 'BearerUnavailableError';

  constructor(address: string) {
    super(
      `${address} gave no token for this sign-in. Set SESSION_BEARER=true on the server; for a browser on another origin, list it in TRUSTED_ORIGINS.`,
    );
  }
}

/**
 * A `fetch` that sends the session as `Authorization: Bearer …`, and stores the token of each sign-in and rotation. It sends no cookies. Use it
 * for one server only: the token goes to every address that it is called with.
 */
export function bearerFetch(tokens: TokenStore, send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const sent = await tokens.get();
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set(TRANSPORT_HEADER, TRANSPORT_BEARER);
    if (sent !== undefined) headers.set('authorization', `Bearer ${sent}`);
    const response = await send(input, { ...init, headers, credentials: 'omit' });
    const token = response.headers.get(TOKEN_HEADER);
    // Not over a newer token: the answer to a sign-out must not remove the token of a sign-in that was answered before it.
    if (token) await tokens.set(token);
    else if (token === '' && (await tokens.get()) === sent) await tokens.set(undefined);
    const address = String(input instanceof Request ? input.url : input);
    if (token === null && sent === undefined && response.ok && /\/auth\.login(\?|$)/.test(address))
      throw new BearerUnavailableError(address);
    return response;
  };
}
