import { withTimeout } from '@gatehouse/session/with-timeout';

/** What one question gave: asking can fail, and that is a finding like any other. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** How long one question may take. */
export const QUESTION_TIMEOUT_MS = 2000;

/** Asks, and waits no longer than the limit. A late answer is dropped. */
export async function ask<T>(question: () => Promise<T>, limitMs = QUESTION_TIMEOUT_MS): Promise<Answer<T>> {
  const answer = question().then(
    (value): Answer<T> => ({ ok: true, value }),
    (error: unknown): Answer<T> => ({ ok: false, problem: lastLine(error) }),
  );
  return withTimeout(answer, {
    ms: limitMs,
    onTimeout: (): Answer<T> => ({ ok: false, problem: `there was no answer within ${limitMs} ms.` }),
  });
}

/** Prisma puts the call first and what went wrong last. */
const lastLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
