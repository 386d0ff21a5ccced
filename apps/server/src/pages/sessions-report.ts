import { requireRole, requireSession, type Engine } from '@gatehouse/session';
import { Router } from 'express';

const PAGE = 500;

/** `GET /admin/sessions.csv`: who is signed in, from where, since when. Administrators only. */
export function sessionsReport(engine: Engine): Router {
  const router = Router();
  router.get('/admin/sessions.csv', requireSession, requireRole('admin'), async (_req, res) => {
    res.attachment('gatehouse-sessions.csv').type('text/csv');
    res.write('handle,user,role,created,last activity,expires,address,user agent\r\n');
    let after: string | undefined;
    do {
      const page = await engine.list({ limit: PAGE, ...(after !== undefined && { after }) });
      for (const { record, user } of page.sessions) {
        const times = [record.createdAtMs, record.lastActivityAtMs, record.expiresAtMs].map((ms) => new Date(ms).toISOString());
        res.write(
          `${[record.handle, user?.username ?? '', user?.role ?? '', ...times, record.ip ?? '', record.userAgent ?? ''].map(csvCell).join(',')}\r\n`,
        );
      }
      after = page.next;
    } while (after !== undefined);
    res.end();
  });
  return router;
}

/** Quoted (RFC 4180); and a spreadsheet runs what starts like a formula, so that gets an apostrophe. https://owasp.org/www-community/attacks/CSV_Injection */
const csvCell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
