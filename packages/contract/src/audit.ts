import { z } from 'zod';
import { activityKindSchema, activitySchema, type ActivityKind } from './activity.ts';
import { idSchema } from './id.ts';
import { instantSchema } from './instant.ts';
import { signInMethodSchema } from './sign-in.ts';
import { roleSchema, sessionUserSchema } from './user.ts';

/** Who did it: the owner of the account, an administrator, someone at the command line, Gatehouse, or a stranger at the door. */
export const actorKindSchema = z.enum(['self', 'admin', 'command_line', 'system', 'visitor']);
export type ActorKind = z.infer<typeof actorKindSchema>;

/** Why a session ended. */
export const auditReasonSchema = z.enum([
  'signed_out',
  'replaced_by_new_sign_in',
  'expired',
  'session_limit',
  'revoked_by_owner',
  'revoked_by_admin',
  'revoked_at_command_line',
]);
export type AuditReason = z.infer<typeof auditReasonSchema>;

/** Everything a detail can hold. Never what anybody typed into a form of ours but a user name that an account has. */
const detailSchema = z
  .object({
    from: roleSchema,
    to: roleSchema,
    role: roleSchema,
    username: z.string(),
    /** How the user was authenticated. */
    method: signInMethodSchema,
    /** Live sessions ended with the act, where the storage of sessions could tell as it was written. */
    ended: z.int().nonnegative(),
    /** Not of one account. */
    everyone: z.boolean(),
  })
  .partial();

/** What is known beyond the kind. A kind that is not here has no detail. */
export const DETAIL_SCHEMAS = {
  signed_in: detailSchema.pick({ method: true }).required(),
  role_changed: detailSchema.pick({ from: true, to: true }).required(),
  user_created: detailSchema.pick({ role: true }).required(),
  user_imported: detailSchema.pick({ role: true }).required(),
  user_deleted: detailSchema.pick({ username: true, ended: true }).required({ username: true }),
  password_changed: detailSchema.pick({ ended: true }),
  suspended: detailSchema.pick({ ended: true }),
  sessions_expired: detailSchema.pick({ ended: true }).required(),
  sessions_revoked: detailSchema.pick({ ended: true, everyone: true }).required({ ended: true }),
} as const satisfies Partial<Record<ActivityKind, z.ZodType>>;

type Details = typeof DETAIL_SCHEMAS;

/** A kind with the detail that belongs to it. */
export type Act = {
  [Kind in ActivityKind]: Kind extends keyof Details
    ? { readonly kind: Kind; readonly detail: z.infer<Details[Kind]> }
    : { readonly kind: Kind; readonly detail?: undefined };
}[ActivityKind];

/** One line of the audit trail, for administrators. */
export const auditEventSchema = activitySchema.extend({
  /** Whom it happened to; null: nobody, or everyone. */
  userId: z.string().nullable(),
  actorKind: actorKindSchema,
  /** The account of who did it; null where there is none. */
  actorId: z.string().nullable(),
  reason: auditReasonSchema.nullable(),
  detail: detailSchema.nullable(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

/** PostgreSQL has no year 0, which ISO 8601 has; nothing happened before there were audit trails. */
const happenedSchema = instantSchema.refine((at) => at.getTime() > 0, 'This is not a time at which something happened.');

const cursorSchema = z.object({ at: happenedSchema, id: idSchema });

export const auditPageInputSchema = z.object({
  userId: idSchema.optional(),
  kind: activityKindSchema.optional(),
  /** `next` of the page before; the name is react-query's. */
  cursor: cursorSchema.optional(),
});
export type AuditPageInput = z.infer<typeof auditPageInputSchema>;

/** Newest first. */
export const auditPageSchema = z.object({
  events: z.array(auditEventSchema),
  /** Where the next page begins; null on the last. */
  next: cursorSchema.nullable(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;

/** An account, as the audit trail names it. */
export const namedAccountSchema = sessionUserSchema.pick({ id: true, username: true, name: true });
export type NamedAccount = z.infer<typeof namedAccountSchema>;

/** A page of the trail for people to read: with the names behind its ids. */
export const namedAuditPageSchema = auditPageSchema.extend({
  /** Of everyone in `events` and of the account that was asked for. An id that is not here was deleted. */
  accounts: z.array(namedAccountSchema),
});
export type NamedAuditPage = z.infer<typeof namedAuditPageSchema>;
