import { trpc } from '@gatehouse/client/react';
import { namedAuditPageSchema, type AuditEvent, type NamedAccount } from '@gatehouse/contract';
import type { AuditSearch } from './audit-search.ts';

export interface AuditTrail {
  /** Newest first. */
  readonly events: readonly AuditEvent[];
  /** By id. Deleted accounts are missing. */
  readonly accounts: ReadonlyMap<string, NamedAccount>;
}

function decode({ pages }: { pages: readonly unknown[] }): AuditTrail {
  const decoded = pages.map((page) => namedAuditPageSchema.parse(page));
  return {
    events: decoded.flatMap(({ events }) => events),
    accounts: new Map(decoded.flatMap(({ accounts }) => accounts.map((account) => [account.id, account] as const))),
  };
}

/** The pages of the audit trail that were loaded so far. */
export const useAuditTrail = ({ user, kind }: AuditSearch) =>
  trpc.admin.audit.useInfiniteQuery(
    { userId: user, kind },
    { getNextPageParam: ({ next }) => next ?? undefined, initialCursor: undefined, select: decode },
  );
