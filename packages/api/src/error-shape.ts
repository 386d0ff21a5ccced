import { REASONS, type Reason } from '@gatehouse/contract';
import type { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { Refusal, type FieldErrors } from './refusal.ts';

/** Reasons for errors that tRPC throws itself, before a procedure runs. */
const REASON_BY_CODE: Partial<Record<TRPCError['code'], Reason>> = {
  PARSE_ERROR: 'INVALID_INPUT',
  BAD_REQUEST: 'INVALID_INPUT',
  UNAUTHORIZED: 'SIGN_IN_REQUIRED',
  FORBIDDEN: 'ROLE_REQUIRED',
  TOO_MANY_REQUESTS: 'TOO_MANY_ATTEMPTS',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  METHOD_NOT_SUPPORTED: 'METHOD_NOT_ALLOWED',
  PAYLOAD_TOO_LARGE: 'TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'JSON_REQUIRED',
};

export interface ErrorDetails {
  readonly reason: Reason;
  readonly message: string;
  readonly fields?: FieldErrors;
  /** Whole seconds until a retry can succeed, as in the `Retry-After` header. */
  readonly retryAfterSeconds?: number;
}

/** The part of an error that the client may see. A 5xx never contains the original message. */
export function errorDetails(error: TRPCError): ErrorDetails {
  const cause = error.cause;
  if (cause instanceof Refusal) {
    const { reason, message, fields, retryAfterSeconds } = cause;
    return { reason, message, ...(fields && { fields }), ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  }
  if (cause instanceof ZodError) return { reason: 'INVALID_INPUT', message: REASONS.INVALID_INPUT.message, fields: fieldErrors(cause) };
  const reason = REASON_BY_CODE[error.code] ?? 'INTERNAL';
  return { reason, message: REASONS[reason].message };
}

function fieldErrors(error: ZodError): FieldErrors {
  // The client chooses field names. With a null prototype, `__proto__` is an ordinary name.
  const fields: FieldErrors = Object.create(null) as FieldErrors;
  for (const issue of error.issues) (fields[issue.path.join('.')] ??= []).push(issue.message);
  return fields;
}
