import { Recoverable, start, type REPLServer } from 'node:repl';
import { PassThrough } from 'node:stream';

export type Names = Readonly<Record<string, unknown>>;

/** Global, so that objects made in the shell are instances of the classes that the packages know. */
export function define(server: REPLServer, names: Names): void {
  for (const [name, value] of Object.entries(names))
    Object.defineProperty(server.context, name, { value, configurable: true, enumerable: true, writable: true });
}

/** Runs a program as the prompt would: with `await` at the top level. Returns the value of its last expression, or throws its error. */
export async function evaluate(code: string, names: Names): Promise<unknown> {
  const output = new PassThrough();
  output.resume();
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  // The prompt calls `writer` for an error instead of the callback of `eval`. It gets no values here, because nothing is typed.
  const writer = (error: unknown): string => {
    reject(error);
    return '';
  };
  const server = start({ prompt: '', input: new PassThrough(), output, terminal: false, useGlobal: true, writer });
  try {
    define(server, names);
    server.eval(`${code}\n`, server.context, 'shell', (error: Error | null, value: unknown) => {
      if (error === null) resolve(value);
      // Incomplete code is wrapped, because at a prompt the next line could complete it.
      else reject(error instanceof Recoverable ? error.err : error);
    });
    return await promise;
  } finally {
    server.close();
  }
}
