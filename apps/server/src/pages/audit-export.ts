import type { Accounts } from '@gatehouse/accounts';
import { auditFilterSchema, REASONS, type AuditEvent, type AuditFilterInput, type NamedAccount } from '@gatehouse/contract';
import { refuseOtherSites, sendInPieces } from '@gatehouse/server/host';
import { requireRole, requireSession } from '@gatehouse/session';
import { Router, type RequestHandler } from 'express';
import { csvLine } from './csv-line.ts';

const PAGE = 500;

/** The paths of the export, for the middleware that loads the session. */
export const AUDIT_EXPORT_PATHS = ['/admin/audit.csv', '/admin/audit.jsonl'];

/**
 * `GET /admin/audit.csv` and `/admin/audit.jsonl`: the audit trail, newest first, for administrators. The parameters are those of
 * `admin.audit` without the cursor; several kinds are separated by commas: `?kinds=sign_in_failed,locked&since=2026-11-01T00:00:00Z`.
 */
export function auditExport(accounts: Pick<Accounts, 'listAudit' | 'namesOf'>, trustedOrigins: readonly string[]): Router {
  const router = Router();
  const guards: RequestHandler[] = [refuseOtherSites(trustedOrigins), requireSession, requireRole('admin')];

  router.get('/admin/audit.csv', ...guards, async (req, res) => {
    const filter = filterOf(req.query);
    if (!filter.success) return void res.status(400).json(problemsOf(filter.error));
    await sendInPieces(res, { name: 'gatehouse-audit.csv', type: 'text/csv' }, csv(pagesOf(accounts, filter.data)));
  });

  router.get('/admin/audit.jsonl', ...guards, async (req, res) => {
    const filter = filterOf(req.query);
    if (!filter.success) return void res.status(400).json(problemsOf(filter.error));
    await sendInPieces(res, { name: 'gatehouse-audit.jsonl', type: 'application/jsonl' }, jsonLines(pagesOf(accounts, filter.data)));
  });
  return router;
}

const exportFilterSchema = auditFilterSchema.strict();

/** `kinds` may be repeated or separated by commas; an empty parameter is as none. */
function filterOf(query: Readonly<Record<string, unknown>>) {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const list = (value: unknown): unknown => (Array.isArray(value) ? value : [value]).flatMap((one) => String(one).split(','));
  return exportFilterSchema.safeParse(Object.fromEntries(given.map(([name, value]) => [name, name === 'kinds' ? list(value) : value])));
}

function problemsOf({ issues }: { issues: readonly { path: PropertyKey[]; message: string }[] }) {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of issues) (fields[path.join('.')] ??= []).push(message);
  return { error: { reason: 'INVALID_INPUT', message: REASONS.INVALID_INPUT.message, fields } };
}

interface NamedPage {
  readonly events: readonly AuditEvent[];
  readonly names: ReadonlyMap<string, NamedAccount>;
}

/** One page of entries is in memory at a time. Entries that are written meanwhile are newer than the first page and not included. */
async function* pagesOf(accounts: Pick<Accounts, 'listAudit' | 'namesOf'>, filter: AuditFilterInput): AsyncGenerator<NamedPage, void> {
  let before: { at: Date; id: string } | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the last one ended
    const { events, next } = await accounts.listAudit({ ...filter, before, limit: PAGE });
    const ids = new Set(events.flatMap(({ userId, actorId }) => [userId, actorId]).filter((id) => id !== null));
    // oxlint-disable-next-line no-await-in-loop
    const named = await accounts.namesOf([...ids]);
    yield { events, names: new Map(named.map((account) => [account.id, account])) };
    before = next ?? undefined;
  } while (before !== undefined);
}

const HEAD = [
  'time',
  'event',
  'account id',
  'account',
  'actor',
  'actor id',
  'actor account',
  'address',
  'browser',
  'session',
  'reason',
  'details',
];

async function* csv(pages: AsyncGenerator<NamedPage, void>): AsyncGenerator<string, void> {
  let head = csvLine(HEAD);
  for await (const { events, names } of pages) {
    const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id)?.username ?? null));
    const lines = events.map((event) =>
      csvLine([
        event.at.toISOString(),
        event.kind,
        event.userId,
        nameOf(event.userId),
        event.actorKind,
        event.actorId,
        nameOf(event.actorId),
        event.ip,
        event.userAgent,
        event.handle,
        event.reason,
        event.detail && JSON.stringify(event.detail),
      ]),
    );
    yield head + lines.join('');
    head = '';
  }
}

async function* jsonLines(pages: AsyncGenerator<NamedPage, void>): AsyncGenerator<string, void> {
  for await (const { events, names } of pages) {
    const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id)?.username ?? null));
    yield events.map((event) => `${JSON.stringify({ ...event, account: nameOf(event.userId), actor: nameOf(event.actorId) })}\n`).join('');
  }
}
