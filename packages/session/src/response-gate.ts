import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

type Writer = 'writeHead' | 'flushHeaders' | 'write' | 'end';
const WRITERS: readonly Writer[] = ['writeHead', 'flushHeaders', 'write', 'end'];

export interface Gate {
  /** Asked once, when the first byte wants to leave; undefined: nothing to wait for. */
  readonly before: () => Promise<void> | undefined;
  /** `before` failed: nothing has left, and the answer that was under way is dropped. Answer anew. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Holds a response back until `before` is done. express-session lets the headers, and all but the last byte of
 * the body, leave before a session is saved, so that a page could say "signed in" for a session that could not
 * be stored; here the save comes first and can still say no.
 *
 * To the handler the headers have left when they would have: what it sets after that has no effect, as ever.
 */
export function gateResponse(res: ServerResponse, { before, onFailure }: Gate): void {
  // They stay in place for good: other middleware may have wrapped them by the time the gate opens.
  const originals = Object.fromEntries(WRITERS.map((name) => [name, res[name]])) as Pick<ServerResponse, Writer>;
  const held: { name: Writer; args: unknown[] }[] = [];
  let state: 'closed' | 'holding' | 'open' | 'failed' = 'closed';
  /** An answer is complete: `end` was called while holding, or for the answer to the failure. */
  let ended = false;
  let head: Head | undefined;

  const call = ({ name, args }: { name: Writer; args: unknown[] }): unknown =>
    Reflect.apply(originals[name] as (...args: unknown[]) => unknown, res, args);

  function write(name: Writer, args: unknown[]): unknown {
    if (state === 'closed') ask(name, args);
    if (state === 'holding') return hold(name, args);
    // The handler goes on, unaware: what it still writes belongs to the answer that was dropped.
    if (state === 'failed' && ended) return drop(name, args);
    const result = call({ name, args });
    // Only now: on its way, `end` writes the head.
    if (name === 'end') ended = true;
    return result;
  }

  function ask(name: Writer, args: unknown[]): void {
    // The status decides whether changes are stored, so it is known before the headers are written.
    if (name === 'writeHead' && typeof args[0] === 'number') res.statusCode = args[0];
    let pending: Promise<void> | undefined;
    try {
      pending = before();
    } catch (error) {
      // Never out of `res.end()`, whose caller expects no error and may be nobody's callback.
      pending = Promise.reject(error);
    }
    state = pending ? 'holding' : 'open';
    if (!pending) return;
    head = headOf(res);
    pending.then(release).catch(fail);
  }

  function hold(name: Writer, args: unknown[]): unknown {
    if (ended) return drop(name, args);
    held.push({ name, args });
    ended = name === 'end';
    // Half an answer cannot be taken back, so an error handler must not add another to it; a whole one is safe.
    if (ended) Reflect.deleteProperty(res, 'headersSent');
    else Object.defineProperty(res, 'headersSent', { configurable: true, value: true });
    return name === 'write' ? false : res;
  }

  function release(): void {
    open('open');
    if (head) restoreHead(res, head);
    for (const one of held) call(one);
    if (held.some(({ name }) => name === 'write')) res.emit('drain');
  }

  function fail(error: unknown): void {
    open('failed');
    // The save went well, and then what was held could not be written.
    if (res.headersSent) return void res.destroy();
    ended = false;
    // Not a success, whatever happens from here on.
    res.statusCode = 500;
    res.statusMessage = '';
    for (const header of res.getHeaderNames()) if (ABOUT_THE_BODY.test(header)) res.removeHeader(header);
    onFailure(error);
    for (const { args } of held) settle(args);
    // Whoever waits to write more is let go.
    res.emit('drain');
  }

  function open(to: 'open' | 'failed'): void {
    state = to;
    Reflect.deleteProperty(res, 'headersSent');
  }

  function drop(name: Writer, args: unknown[]): unknown {
    settle(args);
    return name === 'write' ? true : res;
  }

  for (const name of WRITERS) Object.assign(res, { [name]: (...args: unknown[]) => write(name, args) });
}

/** Headers that describe the answer that was dropped, not the one that comes instead. */
const ABOUT_THE_BODY =
  /^(content-(?!security-policy)|etag$|last-modified$|accept-ranges$|location$|transfer-encoding$|cache-control$|expires$)/;

/** Calls the callback of a `write` or `end` that will not happen. */
function settle(args: unknown[]): void {
  const callback = args.at(-1);
  if (typeof callback === 'function') queueMicrotask(() => Reflect.apply(callback, undefined, []));
}

interface Head {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: OutgoingHttpHeaders;
}

const headOf = (res: ServerResponse): Head => ({ statusCode: res.statusCode, statusMessage: res.statusMessage, headers: res.getHeaders() });

function restoreHead(res: ServerResponse, { statusCode, statusMessage, headers }: Head): void {
  res.statusCode = statusCode;
  res.statusMessage = statusMessage;
  for (const name of res.getHeaderNames()) if (!(name in headers)) res.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) if (value !== undefined && res.getHeader(name) !== value) res.setHeader(name, value);
}
