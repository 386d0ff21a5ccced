import { sendInPieces } from '@gatehouse/server/host';
import { requireRole, requireSession, type Engine } from '@gatehouse/session';
import type { StoredSession } from '@gatehouse/session/engine';
import { Router } from 'express';
import { csvLine } from './csv-line.ts';

const PAGE = 500;

/** `GET /admin/sessions.csv`: all live sessions with user, address and times. For administrators. */
export function sessionsReport(engine: Engine): Router {
  const router = Router();
  router.get('/admin/sessions.csv', requireSession, requireRole('admin'), async (_req, res) => {
    await sendInPieces(res, { name: 'gatehouse-sessions.csv', type: 'text/csv' }, lines(engine));
  });
  return router;
}

/** Yields one page of sessions at a time. */
async function* lines(engine: Engine): AsyncGenerator<string, void> {
  let head = 'handle,user,role,created,last activity,expires,address,user agent\r\n';
  let after: string | undefined;
  do {
    const page = await engine.list({ limit: PAGE, ...(after !== undefined && { after }) });
    yield head + page.sessions.map(line).join('');
    head = '';
    after = page.next;
  } while (after !== undefined);
}

function line({ record, user }: StoredSession): string {
  const times = [record.createdAtMs, record.lastActivityAtMs, record.expiresAtMs].map((ms) => new Date(ms).toISOString());
  const cells = [record.handle, user?.username ?? '', user?.role ?? '', ...times, record.ip ?? '', record.userAgent ?? ''];
  return csvLine(cells);
}
