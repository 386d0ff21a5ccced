import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { requireRole, requireSession, type Engine, type SessionPage } from '@gatehouse/session';
import { Router } from 'express';

const PAGE = 500;

/** `GET /admin/sessions.csv`: who is signed in, from where, since when. Administrators only. */
export function sessionsReport(engine: Engine): Router {
  const router = Router();
  router.get('/admin/sessions.csv', requireSession, requireRole('admin'), async (_req, res) => {
    // Before anything is sent: storage that is away is a 503.
    const first = await engine.list({ limit: PAGE });
    res.attachment('gatehouse-sessions.csv').type('text/csv');
    // The next page is asked for when the client has taken this one, so that the report is never in memory as a whole.
    await pipeline(Readable.from(csvPages(engine, first)), res).catch((error: NodeJS.ErrnoException) => {
      const clientIsGone = error.code === 'ERR_STREAM_PREMATURE_CLOSE';
      if (!clientIsGone) throw error;
    });
  });
  return router;
}

async function* csvPages(engine: Engine, first: SessionPage): AsyncGenerator<string> {
  yield 'handle,user,role,created,last activity,expires,address,user agent\r\n';
  for (let page = first; ; page = await engine.list({ limit: PAGE, after: page.next })) {
    yield page.sessions.map(csvLine).join('');
    if (page.next === undefined) return;
  }
}

function csvLine({ record, user }: SessionPage['sessions'][number]): string {
  const times = [record.createdAtMs, record.lastActivityAtMs, record.expiresAtMs].map((ms) => new Date(ms).toISOString());
  const cells = [record.handle, user?.username ?? '', user?.role ?? '', ...times, record.ip ?? '', record.userAgent ?? ''];
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Quoted (RFC 4180); and a spreadsheet runs what starts like a formula, so that gets an apostrophe. https://owasp.org/www-community/attacks/CSV_Injection */
const csvCell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
