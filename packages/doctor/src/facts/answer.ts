import { withTimeout } from '@gatehouse/session/with-timeout';

/** The answer to one question. A failure is a value, because it becomes a finding. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const QUESTION_TIMEOUT_MS = 2000;

/** Asks a question with a timeout. A late answer is ignored. */
export async function ask<T>(question: () => Promise<T>, timeoutMs = QUESTION_TIMEOUT_MS): Promise<Answer<T>> {
  const answer = question().then(
    (value): Answer<T> => ({ ok: true, value }),
    (error: unknown): Answer<T> => ({ ok: false, problem: lastLine(error) }),
  );
  return withTimeout(answer, {
    ms: timeoutMs,
    onTimeout: (): Answer<T> => ({ ok: false, problem: `there was no answer within ${timeoutMs} ms.` }),
  });
}

/** Prisma's messages start with the call and end with the actual error. */
const lastLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
