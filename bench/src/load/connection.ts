import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Response {
  readonly status: number;
  /** Milliseconds from the first byte sent to the last one received. */
  readonly ms: number;
}

/**
 * A keep-alive connection that sends raw requests and waits for the whole response (with a Content-Length, or chunked).
 * An HTTP library would use more CPU than the measured servers on the same machine.
 * `from`: the client's address, any of 127.0.0.0/8 on Linux.
 */
export async function openConnection(port: number, { from }: { from?: string } = {}) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, ...(from !== undefined && { localAddress: from }) });
  await once(socket, 'connect');
  return {
    send: (request: Buffer): Promise<Response> => roundTrip(socket, request),
    close: (): void => void socket.destroy(),
  };
}

function roundTrip(socket: Socket, request: Buffer): Promise<Response> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let text = '';
    const finish = (done: () => void): void => {
      socket.off('data', read).off('error', fail).off('close', fail);
      done();
    };
    const fail = (error?: unknown): void =>
      finish(() => reject(error instanceof Error ? error : new Error('The server closed the connection.')));
    function read(chunk: Buffer): void {
      text += chunk.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0 || !isWhole(text, headEnd)) return;
      finish(() => resolve({ status: Number(text.slice(9, 12)), ms: performance.now() - began }));
    }
    socket.on('data', read).on('error', fail).on('close', fail);
    socket.write(request);
  });
}

function isWhole(text: string, headEnd: number): boolean {
  const head = text.slice(0, headEnd);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= headEnd + 4 + Number(length);
}
