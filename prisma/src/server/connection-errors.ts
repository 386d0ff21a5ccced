import { DriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils';

// What drivers throw when it is not the server that says no, in the words that Prisma has codes for:
// P1001, P1008, P1017. Each driver has words of its own, and some errors have nothing but a message.

export const notReachable = (cause: unknown): DriverAdapterError => connectionError({ kind: 'DatabaseNotReachable' }, cause);

export const connectionLost = (cause: unknown): DriverAdapterError => connectionError({ kind: 'ConnectionClosed' }, cause);

/** No answer in time, or no connection. */
export const timedOut = (what: string, ms: number): DriverAdapterError =>
  connectionError({ kind: 'SocketTimeout' }, new Error(`${what} took longer than ${ms} ms`));

function connectionError(mapped: MappedError, cause: unknown): DriverAdapterError {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const error = new DriverAdapterError({
    ...mapped,
    ...(typeof code === 'string' && { originalCode: code }),
    ...(typeof message === 'string' && { originalMessage: message }),
  });
  return error;
}
