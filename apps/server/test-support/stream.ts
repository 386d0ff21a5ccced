import { expect, vi } from 'vitest';
import type { Visitor } from './visitor.ts';

export interface StreamedEvent {
  readonly type: string;
  readonly data?: any;
}

export interface TestStream {
  readonly status: number;
  readonly headers: Headers;
  /** Besides pings and the greeting. */
  readonly events: StreamedEvent[];
  /** Resolves when the server has ended the response. */
  readonly ended: Promise<void>;
  /** Waits for this message. */
  said(change: unknown): Promise<void>;
  /** Waits for an error with this reason. */
  refused(reason: string): Promise<void>;
  close(): void;
}

const WITHIN = { timeout: 20_000, interval: 10 };

/** Reads the server-sent events of a subscription. */
export async function openStream(browser: Visitor, headers: Record<string, string> = {}, path = '/trpc/auth.changes'): Promise<TestStream> {
  const closing = new AbortController();
  const response = await browser.fetch(path, { headers: { accept: 'text/event-stream', ...headers }, signal: closing.signal });
  const events: StreamedEvent[] = [];
  const ended = read(response, events).catch((error: unknown) => {
    if (!closing.signal.aborted) throw error;
  });
  return {
    status: response.status,
    headers: response.headers,
    events,
    ended,
    said: (change) => vi.waitFor(() => expect(events).toContainEqual({ type: 'message', data: change }), WITHIN),
    refused: (reason) =>
      vi.waitFor(
        () =>
          expect(events).toContainEqual({
            type: 'serialized-error',
            data: expect.objectContaining({ data: expect.objectContaining({ reason }) }),
          }),
        WITHIN,
      ),
    close: () => closing.abort(),
  };
}

async function read({ body }: Response, events: StreamedEvent[]): Promise<void> {
  let rest = '';
  for await (const chunk of (body ?? new ReadableStream()).pipeThrough(
    new TextDecoderStream() as never,
  ) as unknown as AsyncIterable<string>) {
    const parts = (rest + chunk).split(/\n\n+/);
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const type = /^event: (.*)$/m.exec(part)?.[1] ?? 'message';
      const text = /^data: (.*)$/m.exec(part)?.[1] ?? '';
      if (type !== 'ping' && type !== 'connected') events.push({ type, ...(text !== '' && { data: JSON.parse(text) }) });
    }
  }
}
