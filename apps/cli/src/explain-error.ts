import { REASONS } from '@gatehouse/contract';
import { errorReason, fieldErrors, isUnreachable, requestId, signedOutReason } from '@gatehouse/client';
import { CookieFileError } from '@gatehouse/client/node';
import { DatabaseOpenError } from '@gatehouse/prisma';
import { SettingsError } from '@gatehouse/settings';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';

/** Any error as one clear message with its exit code: never a stack, never a driver's own words about a query. */
export function explainError(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof SettingsError) return new Failure('SETTINGS', error.message);
  if (error instanceof CookieFileError) return new Failure('COOKIE_FILE', error.message);
  if (error instanceof DatabaseOpenError) return new Failure('STORAGE_UNAVAILABLE', error.message, EXIT.UNREACHABLE);
  return (
    explainRefusal(error) ??
    explainStorage(error) ??
    new Failure('INTERNAL', `Something went wrong: ${firstLine(error)} (DEBUG=1 shows where.)`)
  );
}

/** What the server answered to a call. */
function explainRefusal(error: unknown): Failure | undefined {
  const reason = errorReason(error);
  const message = error instanceof Error ? error.message : '';
  if (signedOutReason(error) || reason === 'INVALID_CREDENTIALS')
    return new Failure(reason ?? 'SIGN_IN_REQUIRED', message, EXIT.NOT_SIGNED_IN);
  if (isUnreachable(error)) {
    const id = requestId(error);
    return new Failure(reason ?? 'UNREACHABLE', id ? `${message} The server's log has it as ${id}.` : message, EXIT.UNREACHABLE);
  }
  if (reason === 'INVALID_INPUT') return new Failure(reason, Object.values(fieldErrors(error)).flat().join(' ') || REASONS[reason].message);
  return reason && new Failure(reason, message);
}

/** The database was opened and then did not do its work: locked by another writer, full, gone. */
function explainStorage(error: unknown): Failure | undefined {
  const name = error instanceof Error ? error.name : '';
  if (name !== 'StorageUnavailableError' && !name.startsWith('PrismaClient') && name !== 'DriverAdapterError') return undefined;
  return new Failure(
    'STORAGE_UNAVAILABLE',
    'The database did not do its work: it may be locked, full or gone. Try again. (DEBUG=1 shows what it said.)',
    EXIT.UNREACHABLE,
  );
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
