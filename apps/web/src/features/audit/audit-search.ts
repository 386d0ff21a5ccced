import type { ActivityKind, AuditPageInput } from '@gatehouse/contract';
import { searchChoice, searchChoices, searchText, type SearchOf } from '../../shared/search-schema.ts';
import { tableSearchSchema } from '../../shared/table/table-search.ts';
import { boundsOf, PERIODS } from './period.ts';

/*
 * Without the contract's schemas, because the route needs this before the page is loaded.
 */

/** All kinds of events, grouped for the filter. */
export const KIND_GROUPS = {
  attention: ['sign_in_failed', 'locked', 'password_rejected'],
  signIn: ['signed_in', 'signed_out', 'password_confirmed', 'unlocked'],
  sessions: [
    'session_expired',
    'sessions_expired',
    'session_evicted',
    'session_revoked',
    'sessions_revoked',
    'session_imported',
    'session_adopted',
  ],
  accounts: [
    'password_changed',
    'email_changed',
    'profile_changed',
    'role_changed',
    'suspended',
    'reactivated',
    'user_created',
    'user_imported',
    'user_deleted',
  ],
} as const satisfies Record<string, readonly ActivityKind[]>;

const KINDS = Object.values(KIND_GROUPS).flat();

/** Times and ids as text. `user` and `actor` are ids, because names can change. */
export const auditTableSearch = {
  ...tableSearchSchema([]),
  period: searchChoice(PERIODS),
  /** Of an own range, ISO 8601. */
  since: searchText(40),
  until: searchText(40),
  kind: searchChoices(KINDS),
  user: searchText(64),
  actor: searchText(64),
  address: searchText(64),
  session: searchText(64),
};
export type AuditTableSearch = SearchOf<typeof auditTableSearch>;

/** The filter as the server reads it. Times are text. */
export interface AuditFilter extends Omit<AuditPageInput, 'since' | 'until' | 'cursor' | 'kind'> {
  readonly since?: string;
  readonly until?: string;
}

/** The filter of the page's search parameters. Periods such as "last hour" depend on the time. */
export function toAuditFilter({ kind, user, actor, address, session, ...range }: AuditTableSearch, nowMs: number): AuditFilter {
  const filter = { ...boundsOf(range, nowMs), kinds: kind, userId: user, actorId: actor, ip: address, handle: session };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''));
}

/** The input of `admin.audit` for the page's search parameters. */
export function toAuditPage(search: AuditTableSearch, nowMs: number): AuditFilter & { readonly cursor?: { at: string; id: string } } {
  const [at = '', id = ''] = search.cursor?.split('~') ?? [];
  return { ...toAuditFilter(search, nowMs), ...(at !== '' && id !== '' && { cursor: { at, id } }) };
}

/** The server's cursor as text, for the URL. */
export const formatCursor = ({ at, id }: { readonly at: Date; readonly id: string }): string => `${at.toISOString()}~${id}`;

/** A filter is set that "Clear filters" would remove. */
export const hasFilter = ({ q: _q, sort: _sort, page: _page, cursor: _cursor, ...filter }: AuditTableSearch): boolean =>
  Object.values(filter).some((value) => value !== undefined);

/** The path of the export of what is filtered, with the names that the server expects. */
export function exportPath(format: 'csv' | 'jsonl', filter: AuditFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) query.set(name, Array.isArray(value) ? value.join(',') : String(value));
  return `/admin/audit.${format}${query.size > 0 ? `?${query}` : ''}`;
}
