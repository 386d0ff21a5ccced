import { activityKindSchema, auditPageInputSchema, type ActivityKind } from '@gatehouse/contract';

/** The filter of the audit page, as in its URL. `user` is an id, because user names can change. */
export interface AuditSearch {
  readonly user?: string | undefined;
  readonly kind?: ActivityKind | undefined;
}

/** Ignores invalid values, for example from a link of a later version. */
export const readAuditSearch = (search: Record<string, unknown>): AuditSearch => ({
  user: auditPageInputSchema.shape.userId.safeParse(search['user']).data,
  kind: activityKindSchema.safeParse(search['kind']).data,
});
