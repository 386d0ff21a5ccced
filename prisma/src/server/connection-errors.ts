import { DriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils';

// Errors of the connection, not of the server, in the form that Prisma maps to P1001, P1008 and P1017. Drivers report them differently, some
// only with a message.

export const notReachable = (cause: unknown): DriverAdapterError => connectionError({ kind: 'DatabaseNotReachable' }, cause);

export const connectionLost = (cause: unknown): DriverAdapterError => connectionError({ kind: 'ConnectionClosed' }, cause);

/** A statement, or the wait for a connection, timed out. */
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
