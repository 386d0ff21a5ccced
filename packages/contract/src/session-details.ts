import { z } from './z.ts';
import { activityKindSchema, activitySchema } from './activity.ts';
import { auditReasonSchema } from './audit.ts';
import { idSchema } from './id.ts';
import { instantSchema } from './instant.ts';
import { listedSessionSchema } from './listed-session.ts';
import { signInMethodSchema } from './sign-in.ts';

/** Handles or user ids in one call that acts on many. */
const MAX_AT_ONCE = 100;

const uniqueIds = z
  .array(idSchema)
  .min(1, 'Choose at least one.')
  .max(MAX_AT_ONCE, `At most ${MAX_AT_ONCE} at once.`)
  .transform((ids) => [...new Set(ids)]);

export const handlesInputSchema = z.object({ handles: uniqueIds });
export const userIdsInputSchema = z.object({ userIds: uniqueIds });

/** How a session began: a sign-in method, or `adopted` and `imported` for a session of an earlier app. */
export const sessionMethodSchema = z.union([signInMethodSchema, z.enum(['adopted', 'imported'])]);
export type SessionMethod = z.infer<typeof sessionMethodSchema>;

/** A row of a table of sessions. */
export const sessionRowSchema = listedSessionSchema.extend({
  /** From the audit trail; null if that has no entry of it, or if the server keeps no audit trail. */
  method: sessionMethodSchema.nullable(),
});
export type SessionRow = z.infer<typeof sessionRowSchema>;

/** Part of an address, or words of a user agent, in any letter case. Every word must match. */
export const sessionTextSchema = z.string().trim().max(200, 'This is too long to search for.');

export const sessionSortSchema = z.enum(['lastActivity', 'loginTime', 'expires']);
export type SessionSort = z.infer<typeof sessionSortSchema>;

export const sessionSearchInputSchema = z.object({
  text: sessionTextSchema.optional(),
  sort: sessionSortSchema.default('lastActivity'),
  /** Newest or latest first. @default true */
  descending: z.boolean().default(true),
  /** From 1. A page past the last one is empty. */
  page: z.int().min(1).max(1000).default(1),
  /** Sessions per page, 1 to 100. @default 25 */
  pageSize: z.int().min(1).max(100).default(25),
});
export type SessionSearchInput = z.infer<typeof sessionSearchInputSchema>;

export const sessionSearchSchema = z.object({
  sessions: z.array(sessionRowSchema),
  /** Sessions that match, on all pages. */
  total: z.number(),
  /** All sessions of the user, whether they match or not. */
  all: z.number(),
  /** false: the user has more than 1,000 sessions, and only those with the latest activity were searched. */
  isComplete: z.boolean(),
});
export type SessionSearch = z.infer<typeof sessionSearchSchema>;

/** An audit entry of one session. */
export const sessionEventSchema = activitySchema.pick({ id: true, at: true, ip: true, userAgent: true }).extend({
  kind: activityKindSchema,
  reason: auditReasonSchema.nullable(),
});
export type SessionEvent = z.infer<typeof sessionEventSchema>;

/** Details of a session, without its data. */
export const sessionDetailsSchema = sessionRowSchema.extend({
  /** When it expires even if it is in use. */
  absoluteExpires: instantSchema,
  /** The cookie has no expiry date. */
  untilBrowserCloses: z.boolean(),
  /** Names of the stored data and the length of each value as JSON, in bytes of UTF-8. */
  data: z.array(z.object({ key: z.string(), bytes: z.number() })),
  /** Newest first, at most 50. Empty if the server keeps no audit trail. */
  events: z.array(sessionEventSchema),
});
export type SessionDetails = z.infer<typeof sessionDetailsSchema>;
