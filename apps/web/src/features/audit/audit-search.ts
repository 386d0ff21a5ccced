import { activityKindSchema, auditPageInputSchema, type ActivityKind } from '@gatehouse/contract';

/** What of the trail is shown, as the address of the page has it: an id, because an account's name can change. */
export interface AuditSearch {
  readonly user?: string | undefined;
  readonly kind?: ActivityKind | undefined;
}

/** What is no account's id and no kind, as in a link of a later version, is no filter. */
export const readAuditSearch = (search: Record<string, unknown>): AuditSearch => ({
  user: auditPageInputSchema.shape.userId.safeParse(search['user']).data,
  kind: activityKindSchema.safeParse(search['kind']).data,
});
