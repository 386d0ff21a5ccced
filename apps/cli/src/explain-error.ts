import { formatRetryAfter, REASONS } from '@gatehouse/contract';
import { errorReason, fieldErrors, isUnreachable, requestId, retryAfterSeconds, signedOutReason } from '@gatehouse/client';
import { CookieFileError } from '@gatehouse/client/node';
import { SettingsError } from '@gatehouse/settings';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { printable } from './terminal/printable.ts';

/** Any error as one clear message with its exit code: never a stack, never a driver's own words about a query. */
export function explainError(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof SettingsError) return new Failure('SETTINGS', error.message);
  if (error instanceof CookieFileError) return new Failure('COOKIE_FILE', error.message);
  return explainExpected(error) ?? explainRefusal(error) ?? explainStorage(error) ?? explainSurprise(error);
}

/** Errors of packages below whose messages are made to be read, by their codes: importing the classes would load a database driver for `whoami`. */
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

/** What the server answered to a call. */
function explainRefusal(error: unknown): Failure | undefined {
  const reason = errorReason(error);
  // Its words are another machine's: on one line, and nothing in them for the terminal.
  const message = printable(error instanceof Error ? error.message : '');
  if (signedOutReason(error) || reason === 'INVALID_CREDENTIALS')
    return new Failure(reason ?? 'SIGN_IN_REQUIRED', message, EXIT.NOT_SIGNED_IN);
  if (isUnreachable(error)) {
    const id = requestId(error);
    return new Failure(reason ?? 'UNREACHABLE', id ? `${message} The server's log has it as ${printable(id)}.` : message, EXIT.UNREACHABLE);
  }
  if (reason === 'TOO_MANY_ATTEMPTS')
    return new Failure(reason, `Too many attempts. Try again ${formatRetryAfter(retryAfterSeconds(error) ?? 1)}.`);
  if (reason === 'INVALID_INPUT')
    return new Failure(reason, printable(Object.values(fieldErrors(error)).flat().join(' ')) || REASONS[reason].message);
  return reason && new Failure(reason, message);
}

/** The database was opened and then did not do its work. Prisma's errors have no code in common, so they are known by name. */
function explainStorage(error: unknown): Failure | undefined {
  const fromPrisma = error instanceof Error && (error.name.startsWith('PrismaClient') || error.name === 'DriverAdapterError');
  if (!fromPrisma && codeOf(error) !== 'STORAGE_UNAVAILABLE') return undefined;
  const message = 'The database did not do its work: it may be locked, full or gone. Try again. (DEBUG=1 shows what it said.)';
  return new Failure('STORAGE_UNAVAILABLE', message, EXIT.UNREACHABLE);
}

function explainSurprise(error: unknown): Failure {
  if (codeOf(error) === 'ERR_MODULE_NOT_FOUND' && (error as { url?: string }).url?.includes('/prisma/generated/')) {
    return new Failure('NOT_GENERATED', 'The database client is not there yet. Make it: pnpm db:generate');
  }
  return new Failure('INTERNAL', `Something went wrong: ${firstLine(error)} (DEBUG=1 shows where.)`);
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

const firstLine = (error: unknown): string => printable((error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '');
