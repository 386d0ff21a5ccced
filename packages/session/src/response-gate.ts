import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { trackSources } from './response-sources.ts';
import { warnOnce } from './warn-once.ts';

type Writer = 'writeHead' | 'flushHeaders' | 'write' | 'end';
const WRITERS: readonly Writer[] = ['writeHead', 'flushHeaders', 'write', 'end'];
type Call = (...args: unknown[]) => unknown;

/** Compressors add `flush`, which sends what was written so far, such as an event of a stream. */
type Held = Writer | 'flush';

export interface Gate {
  /** Called once, before the first byte is sent. undefined: nothing to wait for. */
  readonly before: () => Promise<void> | undefined;
  /** Called once, when a response ends whose headers were sent earlier. undefined: nothing to wait for. A failure cuts the response off. */
  readonly late?: () => Promise<void> | undefined;
  /**
   * Called if `before` fails: nothing was sent, and the handler's response is dropped, so send another one. Also called if `late` fails.
   */
  readonly onFailure: (error: unknown) => void;
}

/** false for what Socket.IO passes to its middleware for an upgrade, which has no response to hold back. */
export const isNodeResponse = (res: ServerResponse): boolean => typeof res.getHeaders === 'function';

/**
 * Holds a response back until `before` has resolved. express-session sends the headers, and all but the last byte of the body, before a
 * session is saved, so a page could say "signed in" for a session that could not be stored. Here the save comes first, and if it fails, an
 * error is sent instead.
 *
 * For the handler, the headers count as sent as soon as it sends them: what it sets after that has no effect, as without this gate.
 *
 * The response to a failure bypasses middleware that was mounted later and wraps the response, such as a compressor: that has seen one
 * response end, and would drop a second one.
 */
export function gateResponse(res: ServerResponse, { before, late, onFailure }: Gate): void {
  const beneath = ownMethods(res);
  // The replacements below are never removed, because other middleware may have wrapped them before the gate opens.
  const originals: Pick<ServerResponse, Writer> & { readonly flush: Call | undefined } = {
    writeHead: res.writeHead,
    flushHeaders: res.flushHeaders,
    write: res.write,
    end: res.end,
    flush: (res as { flush?: Call }).flush,
  };
  const sources = trackSources(res);
  const held: { name: Held; args: unknown[] }[] = [];
  let state: 'closed' | 'holding' | 'open' | 'ending' | 'failed' = 'closed';
  /** A response is complete: `end` was called while holding, or for the response to the failure. */
  let ended = false;
  let head: Head | undefined;

  const call = ({ name, args }: { name: Held; args: unknown[] }): unknown => Reflect.apply(originals[name] as Call, res, args);

  function write(name: Writer, args: unknown[]): unknown {
    const isLater = state === 'open';
    if (state === 'closed') ask(name, args);
    if (state === 'holding') return hold(name, args);
    // After a failure: what a wrapper still passes on belongs to the dropped response.
    if (state !== 'open') return drop(name, args);
    if (name === 'end' && isLater && late && !ended && res.headersSent) return endLate(args);
    return call({ name, args });
  }

  /** Writes the response to a failure, and drops what the handler still writes after it. */
  function writeAnew(name: Writer, args: unknown[]): unknown {
    if (ended) return drop(name, args);
    const result = call({ name, args });
    // Set afterwards, because `end` itself calls `writeHead`.
    if (name === 'end') ended = true;
    return result;
  }

  function ask(name: Writer, args: unknown[]): void {
    // The status decides whether changes are stored, so set it before `before` is called.
    if (name === 'writeHead' && typeof args[0] === 'number') res.statusCode = args[0];
    const pending = promiseOf(before);
    state = pending ? 'holding' : 'open';
    if (!pending) return;
    head = headOf(res);
    pending.then(release).catch(fail);
  }

  function hold(name: Writer, args: unknown[]): unknown {
    if (ended) return drop(name, args);
    held.push({ name, args });
    ended = name === 'end';
    // An error handler must not add its response to a partial one, so it must see that headers were sent. A complete one is replaced.
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
    // The save succeeded, but writing the held response failed.
    if (res.headersSent) return void res.destroy();
    ended = false;
    uncover(res, beneath);
    for (const name of WRITERS) Object.assign(res, { [name]: (...args: unknown[]) => writeAnew(name, args) });
    // Not a success status, even if the error handler sets none.
    res.statusCode = 500;
    res.statusMessage = '';
    for (const header of res.getHeaderNames()) if (ABOUT_THE_BODY.test(header)) res.removeHeader(header);
    sources.release();
    report(error);
    for (const { args } of held) settle(args);
    drainSoon();
  }

  /** Catches what the app's error handler throws, because no caller would. */
  function report(error: unknown): void {
    try {
      onFailure(error);
    } catch (thrown) {
      warnOnce('GATEHOUSE_ERROR_HANDLER', `An error handler threw: ${String(thrown)}. It was called for: ${String(error)}`);
      if (res.headersSent) return void res.destroy();
      res.statusCode = 500;
      writeAnew('end', []);
    }
  }

  function endLate(args: unknown[]): unknown {
    ended = true;
    const pending = late && promiseOf(late);
    if (!pending) return call({ name: 'end', args });
    state = 'ending';
    pending.then(
      () => {
        // The `end` of HTTP/2, and of some middleware that was mounted earlier, calls `res.write` with the last chunk.
        open('open');
        return call({ name: 'end', args });
      },
      (error: unknown) => {
        report(error);
        res.destroy();
        settle(args);
      },
    );
    return res;
  }

  function open(to: 'open' | 'failed'): void {
    state = to;
    Reflect.deleteProperty(res, 'headersSent');
  }

  function drop(name: Writer, args: unknown[]): unknown {
    settle(args);
    if (name !== 'write') return res;
    // Not synchronously: a source that writes again on each `drain` would block the event loop.
    drainSoon();
    return false;
  }

  let isDrainDue = false;
  /** Resumes a source that waits for `drain`. */
  function drainSoon(): void {
    if (isDrainDue) return;
    isDrainDue = true;
    setImmediate(() => {
      isDrainDue = false;
      res.emit('drain');
    });
  }

  // One literal, because an object for each name costs a hundredth of the time of a request.
  Object.assign(res, {
    writeHead: (...args: unknown[]) => write('writeHead', args),
    flushHeaders: (...args: unknown[]) => write('flushHeaders', args),
    write: (...args: unknown[]) => write('write', args),
    end: (...args: unknown[]) => write('end', args),
  } satisfies Record<Writer, Call>);
  if (typeof originals.flush === 'function')
    Object.assign(res, {
      flush(...args: unknown[]) {
        if (state !== 'holding') return call({ name: 'flush', args });
        held.push({ name: 'flush', args });
        return undefined;
      },
    });
}

/** Returns a thrown error as a rejection. `res.end()` must not throw it, because often no caller would catch it. */
function promiseOf(work: () => Promise<void> | undefined): Promise<void> | undefined {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}

type Methods = ReadonlyMap<string, unknown>;

/** The methods that middleware has set on the response. Names of Node's own ones begin with an underscore. */
function ownMethods(res: ServerResponse): Methods {
  const methods = new Map<string, unknown>();
  // Not `Object.entries`, which creates an array for each property: this runs for every request.
  for (const name of Object.keys(res)) {
    const value = Reflect.get(res, name) as unknown;
    if (typeof value === 'function' && !name.startsWith('_')) methods.set(name, value);
  }
  return methods;
}

/** Removes later middleware's overrides of the response's methods, and keeps the methods that it has added. */
function uncover(res: ServerResponse, beneath: Methods): void {
  for (const name of ownMethods(res).keys())
    if (beneath.has(name)) Object.assign(res, { [name]: beneath.get(name) });
    else if (name in Object.getPrototypeOf(res)) Reflect.deleteProperty(res, name);
}

/** Headers that describe the dropped response and do not apply to the one sent instead. */
const ABOUT_THE_BODY =
  /^(content-(?!security-policy)|etag$|last-modified$|accept-ranges$|location$|transfer-encoding$|trailer$|cache-control$|expires$)/;

/** Calls the callback of a `write` or `end` that is dropped. */
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
