import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Milliseconds from the first byte sent to the last one received. */
  readonly ms: number;
}

/**
 * One keep-alive connection that sends a request as it is and waits for the whole answer. An HTTP library would cost
 * more CPU than the servers that are measured, on the same machine. It reads what those send: a Content-Length, or chunks.
 * `from`: the client's address, any of 127.0.0.0/8 on Linux.
 */
export async function openConnection(port: number, { from }: { from?: string } = {}) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, ...(from !== undefined && { localAddress: from }) });
  await once(socket, 'connect');
  return {
    send: (request: Buffer): Promise<Answer> => roundTrip(socket, request),
    close: (): void => void socket.destroy(),
  };
}

function roundTrip(socket: Socket, request: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let text = '';
    const settle = (finish: () => void): void => {
      socket.off('data', read).off('error', fail).off('close', fail);
      finish();
    };
    const fail = (error?: unknown): void => settle(() => reject(error instanceof Error ? error : new Error('The server hung up.')));
    function read(chunk: Buffer): void {
      text += chunk.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0 || !isWhole(text, headEnd)) return;
      settle(() => resolve({ status: Number(text.slice(9, 12)), ms: performance.now() - began }));
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
