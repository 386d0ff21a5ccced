import { setImmediate } from 'node:timers/promises';
import type { ReadOnlyDatabase } from '@gatehouse/prisma';
import { readSessionData, type DjangoKeys } from './django-signing.ts';

/** A row of `django_session`. */
export interface DjangoRow {
  readonly key: string;
  readonly data: string;
  readonly expiresAtMs: number;
}

/** A database that has no sessions of Django's. */
export class NotDjangoSessionsError extends Error {
  override readonly name = 'NotDjangoSessionsError';
  readonly code = 'NOT_DJANGO';
}

/** All sessions by key, a page at a time. @throws NotDjangoSessionsError */
export async function* djangoSessions({ select, quoted }: ReadOnlyDatabase, pageSize: number): AsyncGenerator<DjangoRow[]> {
  const columns = ['session_key', 'session_data', 'expire_date'].map(quoted).join(', ');
  const page = async (after: string): Promise<DjangoRow[]> => {
    const { rows } = await select(
      `SELECT ${columns} FROM ${quoted('django_session')} WHERE ${quoted('session_key')} > ? ORDER BY ${quoted('session_key')} LIMIT ${pageSize}`,
      [after],
    );
    return rows.map(([key, data, expires]) => ({ key: String(key), data: String(data), expiresAtMs: djangoTime(String(expires)) }));
  };
  let rows = await page('').catch((cause: unknown) => {
    throw new NotDjangoSessionsError(
      'There is no table django_session in that database: sessions of the engines cache, file and signed_cookies cannot come over. Bring users alone, without --secret-key-file.',
      { cause },
    );
  });
  while (rows.length > 0) {
    yield rows;
    // As for users: what SQLite leaves outside of JavaScript is freed by the event loop alone.
    await setImmediate();
    rows = rows.length < pageSize ? [] : await page(rows.at(-1)?.key ?? '');
  }
}

/** Whether there are live sessions and none of them is signed by any of these keys: they are not this site's. @throws NotDjangoSessionsError */
export async function isForeignTo(
  source: ReadOnlyDatabase,
  { keys, now = Date.now }: { keys: DjangoKeys; now?: () => number },
): Promise<boolean> {
  let live = 0;
  for await (const page of djangoSessions(source, 200)) {
    const unexpired = page.filter(({ expiresAtMs }) => expiresAtMs > now());
    if (unexpired.some(({ data }) => readSessionData(data, keys))) return false;
    live += unexpired.length;
  }
  return live > 0;
}

/** UTC, which SQLite and MySQL do not say. NaN would never be over. */
function djangoTime(stored: string): number {
  const text = stored.replace(' ', 'T');
  const ms = Date.parse(/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? 0 : ms;
}
