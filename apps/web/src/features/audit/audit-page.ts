import { namedAuditPageSchema, type AuditEvent, type NamedAccount } from '@gatehouse/contract';
import { formatCursor } from './audit-search.ts';

export interface AuditTrail {
  /** Newest first. */
  readonly events: readonly AuditEvent[];
  /** By id. Deleted accounts are missing. */
  readonly accounts: ReadonlyMap<string, NamedAccount>;
}

export interface AuditRow {
  readonly event: AuditEvent;
  readonly accounts: AuditTrail['accounts'];
}

export const accountsById = (accounts: readonly NamedAccount[]): AuditTrail['accounts'] =>
  new Map(accounts.map((account) => [account.id, account]));

/** An answer of `admin.audit`, as a page of the table. */
export function decodeAuditPage(wire: unknown) {
  const { events, accounts: named, next } = namedAuditPageSchema.parse(wire);
  const accounts = accountsById(named);
  return { accounts, rows: events.map((event): AuditRow => ({ event, accounts })), next: next && formatCursor(next) };
}
