import { REASONS, type Reason } from '@gatehouse/contract';
import type { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { Refusal, type FieldErrors } from './refusal.ts';

/** tRPC's own codes, thrown before a procedure of ours runs, in our words. */
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
  /** Whole seconds until another try is worth it, as in the header `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/** What a caller may know of an error. A 5xx never carries the text of what went wrong inside. */
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
  // Field names come from the caller: a null prototype keeps `__proto__` an ordinary name.
  const fields: FieldErrors = Object.create(null) as FieldErrors;
  for (const issue of error.issues) (fields[issue.path.join('.')] ??= []).push(issue.message);
  return fields;
}
