import { trpc } from '@gatehouse/client/react';
import { namedAuditPageSchema, type AuditEvent, type NamedAccount } from '@gatehouse/contract';
import type { AuditSearch } from './audit-search.ts';

export interface AuditTrail {
  /** Newest first. */
  readonly events: readonly AuditEvent[];
  /** By id. Without the deleted ones. */
  readonly accounts: ReadonlyMap<string, NamedAccount>;
}

function decode({ pages }: { pages: readonly unknown[] }): AuditTrail {
  const read = pages.map((page) => namedAuditPageSchema.parse(page));
  return {
    events: read.flatMap(({ events }) => events),
    accounts: new Map(read.flatMap(({ accounts }) => accounts.map((account) => [account.id, account] as const))),
  };
}

/** The audit trail, as many pages of it as were asked for. */
export const useAuditTrail = ({ user, kind }: AuditSearch) =>
  trpc.admin.audit.useInfiniteQuery(
    { userId: user, kind },
    { getNextPageParam: ({ next }) => next ?? undefined, initialCursor: undefined, select: decode },
  );
