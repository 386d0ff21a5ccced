import { setImmediate } from 'node:timers/promises';
import type { ReadOnlyDatabase } from '@gatehouse/prisma';
import { readSessionData, type DjangoKeys } from './django-signing.ts';

/** A row of `django_session`. */
export interface DjangoRow {
  readonly key: string;
  readonly data: string;
  readonly expiresAtMs: number;
}

/** The database has no `django_session` table. */
export class NotDjangoSessionsError extends Error {
  override readonly name = 'NotDjangoSessionsError';
  readonly code = 'NOT_DJANGO';
}

/** All sessions in the order of their keys, page by page. @throws NotDjangoSessionsError */
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
      'That database has no table django_session. Sessions of the engines cache, file and signed_cookies cannot be imported. Import only the users, without --secret-key-file.',
      { cause },
    );
  });
  while (rows.length > 0) {
    yield rows;
    // As with users: SQLite's memory outside of JavaScript is only freed by the event loop.
    await setImmediate();
    rows = rows.length < pageSize ? [] : await page(rows.at(-1)?.key ?? '');
  }
}

/**
 * Whether there are live sessions but none is signed with any of these keys, so that the keys are of another site.
 * @throws NotDjangoSessionsError
 */
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

/** SQLite and MySQL return UTC without saying so. An invalid time counts as expired. */
function djangoTime(stored: string): number {
  const text = stored.replace(' ', 'T');
  const ms = Date.parse(/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? 0 : ms;
}
