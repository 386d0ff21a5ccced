import { request } from 'node:http';
import type { BenchSession } from '../measuring/stored-session.ts';

export interface IdleStream {
  readonly session: BenchSession;
  /** The time of `performance.now()` at which the server said that the session ended. */
  readonly ended: Promise<number>;
  close(): void;
}

/** Opens `auth.changes` and waits until it is ready. */
export const openStream = (port: number, session: BenchSession): Promise<IdleStream> =>
  new Promise((resolve, reject) => {
    const headers = { cookie: session.cookie, accept: 'text/event-stream' };
    const call = request({ port, path: '/trpc/auth.changes', headers, agent: false }, (response) => {
      let text = '';
      let onEnded = (_at: number): void => undefined;
      const ended = new Promise<number>((settle) => (onEnded = settle));
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('"kind":"ended"')) onEnded(performance.now());
        else if (text.includes('"kind":"ready"')) resolve({ session, ended, close: () => void call.destroy() });
        else if (text.includes('serialized-error')) reject(new Error(text));
        text = text.slice(-200);
      });
      // A stream that the server closes must not be waited for.
      response.on('close', () => {
        reject(new Error('The server closed the stream.'));
        onEnded(NaN);
      });
      if (response.statusCode !== 200) reject(new Error(`The stream was answered with ${response.statusCode}.`));
    });
    call.on('error', reject);
    call.end();
  });
