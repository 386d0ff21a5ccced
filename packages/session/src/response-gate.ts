import type { ServerResponse } from 'node:http';

type Writer = 'writeHead' | 'flushHeaders' | 'write' | 'end';
const WRITERS: readonly Writer[] = ['writeHead', 'flushHeaders', 'write', 'end'];

export interface Gate {
  /** Asked when the first byte wants to leave; undefined: nothing to wait for. */
  readonly before: () => Promise<void> | undefined;
  /** `before` failed: nothing has left, and the answer that was under way is dropped. Answer anew. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Holds a response back until `before` is done. express-session lets the headers, and all but the last byte of
 * the body, leave before a session is saved, so that a page could say "signed in" for a session that could not
 * be stored; here the save comes first and can still say no.
 */
export function gateResponse(res: ServerResponse, { before, onFailure }: Gate): void {
  const originals = Object.fromEntries(WRITERS.map((name) => [name, res[name]])) as Pick<ServerResponse, Writer>;
  const held: { name: Writer; args: unknown[] }[] = [];
  let state: 'open' | 'holding' | 'dropped' = 'open';
  let saturated = false;

  const call = (name: Writer, args: unknown[]): unknown => Reflect.apply(originals[name] as (...args: unknown[]) => unknown, res, args);

  function restore(): void {
    for (const name of WRITERS) Object.assign(res, { [name]: originals[name] });
  }

  function hold(name: Writer, args: unknown[]): unknown {
    if (state === 'dropped') return name === 'write' ? true : res;
    // The status decides whether changes are stored, so it is known before the headers are written.
    if (name === 'writeHead' && typeof args[0] === 'number') res.statusCode = args[0];
    if (state === 'open') {
      const pending = ask();
      if (!pending) {
        restore();
        return call(name, args);
      }
      state = 'holding';
      pending.then(release, fail);
    }
    held.push({ name, args });
    if (name === 'write') saturated = true;
    return name === 'write' ? false : res;
  }

  /** What `before` throws is not for whoever happened to write: in a callback it would end the process. */
  function ask(): Promise<void> | undefined {
    try {
      return before();
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  function release(): void {
    restore();
    for (const { name, args } of held) call(name, args);
    if (saturated) res.emit('drain');
  }

  function fail(error: unknown): void {
    restore();
    for (const header of res.getHeaderNames()) if (header.startsWith('content-') || header === 'etag' || header === 'location' || header === 'transfer-encoding') res.removeHeader(header);
    onFailure(error);
    // The handler goes on, unaware: what it still writes belongs to the answer that was dropped.
    state = 'dropped';
    for (const name of WRITERS) Object.assign(res, { [name]: (...args: unknown[]) => (res.writableEnded ? hold(name, args) : call(name, args)) });
  }

  for (const name of WRITERS) Object.assign(res, { [name]: (...args: unknown[]) => hold(name, args) });
}
