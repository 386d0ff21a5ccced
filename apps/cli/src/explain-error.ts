import { formatRetryAfter, REASONS } from '@gatehouse/contract';
import { errorReason, fieldErrors, isUnreachable, requestId, retryAfterSeconds, signedOutReason } from '@gatehouse/client';
import { CookieFileError } from '@gatehouse/client/node';
import { SettingsError } from '@gatehouse/settings';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { printable } from './terminal/printable.ts';

/** Turns any error into a message with an exit code. The message never has a stack trace or a driver's text about a query. */
export function explainError(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof SettingsError) return new Failure('SETTINGS', error.message);
  if (error instanceof CookieFileError) return new Failure('COOKIE_FILE', error.message);
  return explainExpected(error) ?? explainRefusal(error) ?? explainStorage(error) ?? explainSurprise(error);
}

/** Errors with a message for users, identified by code: importing their classes would load a database driver for `whoami`. */
const EXPECTED: Readonly<Record<string, ExitCode>> = {
  DATABASE_OPEN: EXIT.UNREACHABLE,
  REDIS_OPEN: EXIT.UNREACHABLE,
  MIGRATION: EXIT.FAILURE,
  UNKNOWN_USER: EXIT.FAILURE,
  NOT_DJANGO: EXIT.FAILURE,
};

function explainExpected(error: unknown): Failure | undefined {
  const code = codeOf(error);
  const exitCode = EXPECTED[code];
  return error instanceof Error && exitCode !== undefined ? new Failure(code, error.message, exitCode) : undefined;
}

/** An error response of the server. */
function explainRefusal(error: unknown): Failure | undefined {
  const reason = errorReason(error);
  // The text comes from another machine, so escape sequences and line breaks are removed.
  const message = printable(error instanceof Error ? error.message : '');
  if (signedOutReason(error) || reason === 'INVALID_CREDENTIALS')
    return new Failure(reason ?? 'SIGN_IN_REQUIRED', message, EXIT.NOT_SIGNED_IN);
  if (isUnreachable(error)) {
    const id = requestId(error);
    return new Failure(
      reason ?? 'UNREACHABLE',
      id ? `${message} Its id in the server's log is ${printable(id)}.` : message,
      EXIT.UNREACHABLE,
    );
  }
  if (reason === 'TOO_MANY_ATTEMPTS')
    return new Failure(reason, `Too many attempts. Try again ${formatRetryAfter(retryAfterSeconds(error) ?? 1)}.`);
  if (reason === 'INVALID_INPUT')
    return new Failure(reason, printable(Object.values(fieldErrors(error)).flat().join(' ')) || REASONS[reason].message);
  return reason && new Failure(reason, message);
}

/** The database failed after it was opened. Prisma's errors have no common code, so they are recognized by name. */
function explainStorage(error: unknown): Failure | undefined {
  const fromPrisma = error instanceof Error && (error.name.startsWith('PrismaClient') || error.name === 'DriverAdapterError');
  if (!fromPrisma && codeOf(error) !== 'STORAGE_UNAVAILABLE') return undefined;
  const message = 'The database failed: it may be locked, full or unreachable. Try again. (DEBUG=1 shows the error.)';
  return new Failure('STORAGE_UNAVAILABLE', message, EXIT.UNREACHABLE);
}

function explainSurprise(error: unknown): Failure {
  if (codeOf(error) === 'ERR_MODULE_NOT_FOUND' && (error as { url?: string }).url?.includes('/prisma/generated/')) {
    return new Failure('NOT_GENERATED', 'The database client has not been generated. Generate it: pnpm db:generate');
  }
  return new Failure('INTERNAL', `Unexpected error: ${firstLine(error)} (DEBUG=1 shows the stack trace.)`);
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

const firstLine = (error: unknown): string => printable((error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '');
