import type { Response as ExpressResponse } from 'express';

export interface StreamedResponse {
  /** Resolves when the response is closed, from either side. Never rejects. */
  readonly closed: Promise<void>;
  /** Ends the response, after this text if given. */
  end(text?: string): void;
}

/**
 * `no-transform` keeps compressors away, which would hold events back. Those that ignore it, such as `encode` of Caddy, leave a response with
 * a content encoding alone (https://github.com/caddyserver/caddy/issues/6293). nginx buffers responses unless told not to. The connection is
 * not used again: a proxy that reused it when a stopping server has ended the stream would send a request that nobody reads.
 */
const HEADERS = {
  'Cache-Control': 'no-store, no-transform',
  'Content-Encoding': 'identity',
  'X-Accel-Buffering': 'no',
  Connection: 'close',
};

/** Sends a body of server-sent events as it comes. `onClosed` is called once, when the response has closed. */
export function streamResponse(res: ExpressResponse, response: Response, onClosed: () => void): StreamedResponse {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  res.statusCode = response.status;
  for (const [name, value] of response.headers) res.setHeader(name, value);
  for (const [name, value] of Object.entries(HEADERS)) res.setHeader(name, value);
  res.flushHeaders();

  const closed = new Promise<void>((resolve) =>
    res.once('close', () => {
      onClosed();
      reader.cancel().catch(() => undefined);
      resolve();
    }),
  );

  let gathered: Uint8Array[] = [];
  function flush(): boolean {
    const chunk = Buffer.concat(gathered);
    gathered = [];
    return chunk.length === 0 || res.writableEnded || res.write(chunk);
  }

  async function pump(): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one chunk after the other
      const { done, value } = await reader.read();
      if (done || res.writableEnded) break;
      // One event is several chunks, which arrive in the same turn. They are sent together.
      if (gathered.push(value) === 1) setImmediate(flush);
      // oxlint-disable-next-line no-await-in-loop
      if (res.writableNeedDrain) await Promise.race([new Promise((resolve) => res.once('drain', resolve)), closed]);
    }
    flush();
    if (!res.writableEnded) res.end();
  }

  pump().catch(() => void res.destroy());
  return {
    closed,
    end(text) {
      flush();
      if (!res.writableEnded) res.end(text);
    },
  };
}
