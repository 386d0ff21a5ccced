import { z } from './z.ts';
import { activityKindSchema, activitySchema, type ActivityKind } from './activity.ts';
import { idSchema } from './id.ts';
import { instantSchema } from './instant.ts';
import { signInMethodSchema } from './sign-in.ts';
import { roleSchema, sessionUserSchema } from './user.ts';

/** Who did it: the account's owner, an administrator, the command line, Gatehouse itself, or a visitor who is not signed in. */
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

/** All detail fields. Never form input, except the user name of an existing account. */
const detailSchema = z
  .object({
    from: roleSchema,
    to: roleSchema,
    role: roleSchema,
    username: z.string(),
    /** How the user was authenticated. */
    method: signInMethodSchema,
    /** Active sessions that this ended; missing if the engine did not know the number at the time. */
    ended: z.int().nonnegative(),
    /** It affected all accounts. */
    everyone: z.boolean(),
    /** The names of the changed fields, never their values: `name`, `attributes.department`. */
    fields: z.array(z.string()),
  })
  .partial();

/** The detail of each kind. A kind that is not listed has none. */
export const DETAIL_SCHEMAS = {
  signed_in: detailSchema.pick({ method: true }).required(),
  role_changed: detailSchema.pick({ from: true, to: true }).required(),
  user_created: detailSchema.pick({ role: true }).required(),
  user_imported: detailSchema.pick({ role: true }).required(),
  user_deleted: detailSchema.pick({ username: true, ended: true }).required({ username: true }),
  password_changed: detailSchema.pick({ ended: true }),
  profile_changed: detailSchema.pick({ fields: true }),
  suspended: detailSchema.pick({ ended: true }),
  sessions_expired: detailSchema.pick({ ended: true }).required(),
  sessions_revoked: detailSchema.pick({ ended: true, everyone: true }).required({ ended: true }),
} as const satisfies Partial<Record<ActivityKind, z.ZodType>>;

type Details = typeof DETAIL_SCHEMAS;

/** An activity kind together with its detail. */
export type AuditAction = {
  [Kind in ActivityKind]: Kind extends keyof Details
    ? { readonly kind: Kind; readonly detail: z.infer<Details[Kind]> }
    : { readonly kind: Kind; readonly detail?: undefined };
}[ActivityKind];

/** An entry of the audit trail, for administrators. */
export const auditEventSchema = activitySchema.extend({
  /** The affected account; null if there is none, or if all are affected. */
  userId: z.string().nullable(),
  actorKind: actorKindSchema,
  /** The account of the actor; null if the actor has none. */
  actorId: z.string().nullable(),
  reason: auditReasonSchema.nullable(),
  detail: detailSchema.nullable(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

/** Times before 1970 are refused: ISO 8601 allows a year 0, and PostgreSQL does not. */
const eventTimeSchema = instantSchema.refine((at) => at.getTime() > 0, 'The time must be after 1970.');

const cursorSchema = z.object({ at: eventTimeSchema, id: idSchema });

/** Which entries to show. All conditions must hold. */
export const auditFilterSchema = z.object({
  /** The affected account. */
  userId: idSchema.optional(),
  /** The account that acted. */
  actorId: idSchema.optional(),
  kind: activityKindSchema.optional(),
  /** Any of these. */
  kinds: z.array(activityKindSchema).min(1).max(activityKindSchema.options.length).optional(),
  /** This time or later. */
  since: eventTimeSchema.optional(),
  /** Before this time. */
  until: eventTimeSchema.optional(),
  /** Exactly this address. */
  ip: z
    .string()
    .trim()
    .regex(/^[\u0021-\u007e]{1,64}$/, 'This is not a valid address.')
    .optional(),
  /** The session concerned, `ses_…`. */
  handle: idSchema.optional(),
});
export type AuditFilterInput = z.infer<typeof auditFilterSchema>;

export const auditPageInputSchema = auditFilterSchema.extend({
  /** `next` of the previous page. TanStack Query requires this name. */
  cursor: cursorSchema.optional(),
});
export type AuditPageInput = z.infer<typeof auditPageInputSchema>;

/** Newest first. */
export const auditPageSchema = z.object({
  events: z.array(auditEventSchema),
  /** The `cursor` of the next page; null on the last page. */
  next: cursorSchema.nullable(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;

/** The part of an account that the audit trail shows. */
export const namedAccountSchema = sessionUserSchema.pick({ id: true, username: true, name: true });
export type NamedAccount = z.infer<typeof namedAccountSchema>;

/** A page of the audit trail with the accounts it refers to. */
export const namedAuditPageSchema = auditPageSchema.extend({
  /** Every account in `events`, and the one that was filtered for. Ids without an entry belong to deleted accounts. */
  accounts: z.array(namedAccountSchema),
});
export type NamedAuditPage = z.infer<typeof namedAuditPageSchema>;
