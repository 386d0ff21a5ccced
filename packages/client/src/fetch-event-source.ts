export interface FetchEventSourceInit {
  readonly fetch: typeof fetch;
  readonly headers: Readonly<Record<string, string>>;
}

/** The delay before the first try to reconnect, doubled with each failure, and its maximum. Milliseconds. */
const RETRY_MS = { first: 1000, max: 30_000 };

/**
 * An EventSource on top of `fetch`, for tRPC's subscription link. Unlike the browser's own it can send headers (the user that the page was
 * loaded for, a bearer token), uses the cookies of the given `fetch` (Node has no EventSource), and reconnects after every failure, a 502 of
 * a restarting server included, with increasing random delays: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class FetchEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readonly url: string;
  readyState = 0;
  readonly #closed = new AbortController();

  constructor(url: string, { fetch: send, headers }: FetchEventSourceInit) {
    super();
    this.url = url;
    void this.#run(send, headers);
  }

  close(): void {
    this.readyState = this.CLOSED;
    this.#closed.abort();
  }

  async #run(send: typeof fetch, headers: Readonly<Record<string, string>>): Promise<void> {
    const { signal } = this.#closed;
    for (let failures = 0; !signal.aborted; failures += 1) {
      let retryAfterMs = 0;
      try {
        // oxlint-disable-next-line no-await-in-loop -- one connection after the other
        const response = await send(this.url, {
          headers: { accept: 'text/event-stream', ...headers },
          credentials: 'include',
          cache: 'no-store',
          signal,
        });
        if (response.ok && response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
          this.readyState = this.OPEN;
          // oxlint-disable-next-line no-await-in-loop
          for await (const event of eventsIn(response.body)) {
            if (signal.aborted) return;
            failures = -1;
            this.dispatchEvent(new MessageEvent(event.type, { data: event.data, lastEventId: event.id }));
          }
        } else {
          retryAfterMs = 1000 * (Number(response.headers.get('retry-after')) || 0);
          response.body?.cancel().catch(() => undefined);
        }
      } catch {
        // Offline, or the connection was cut. Tried again below.
      }
      if (signal.aborted) return;
      this.readyState = this.CONNECTING;
      this.dispatchEvent(new Event('error'));
      const delayMs = Math.min(RETRY_MS.max, RETRY_MS.first * 2 ** Math.max(0, failures));
      // oxlint-disable-next-line no-await-in-loop
      await waitToRetry(Math.max(retryAfterMs, delayMs) * (0.5 + Math.random() / 2), signal);
    }
  }
}

/** Waits, at most until the computer is online again or the signal is aborted. */
function waitToRetry(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const target = (globalThis as { window?: EventTarget }).window;
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      target?.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    target?.addEventListener('online', done);
  });
}

interface ServerSentEvent {
  readonly type: string;
  readonly data: string;
  readonly id: string;
}

/** The events of a stream, as the standard says: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
export async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  let [type, id] = ['', ''];
  let data: string[] = [];
  for await (const line of linesIn(body)) {
    if (line === '') {
      if (data.length > 0) yield { type: type || 'message', data: data.join('\n'), id };
      [type, data] = ['', []];
      continue;
    }
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'data') data.push(value);
    else if (name === 'event') type = value;
    else if (name === 'id') id = value;
  }
}

async function* linesIn(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one chunk after the other
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the end may be half of a line break.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
