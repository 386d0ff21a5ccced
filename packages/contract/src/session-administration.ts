import { z } from './z.ts';
import { idSchema } from './id.ts';
import { instantSchema } from './instant.ts';
import { sessionDetailsSchema, sessionRowSchema, sessionTextSchema } from './session-details.ts';
import { sessionUserSchema } from './user.ts';

/** The user of a session, as an administrator sees it; null: the session is anonymous. */
const ownerSchema = sessionUserSchema.pick({ id: true, username: true, name: true, role: true });

export const ownedSessionSchema = sessionRowSchema.extend({ user: ownerSchema.nullable() });
export type OwnedSession = z.infer<typeof ownedSessionSchema>;

export const ownedSessionPageInputSchema = z.object({
  userId: idSchema.optional(),
  /** Part of the user name or display name, address or user agent. Every word must match. */
  text: sessionTextSchema.optional(),
  /** The beginning of an address: `10.0.`, `2001:db8:`. */
  ip: z.string().trim().max(64).optional(),
  /** Words of the user agent: `firefox windows`. */
  userAgent: sessionTextSchema.optional(),
  /** Only sessions that were signed in at this time or later. */
  signedInSince: instantSchema.optional(),
  /** Only sessions that were signed in before this time. */
  signedInBefore: instantSchema.optional(),
  /** Only sessions with activity at this time or later. */
  activeSince: instantSchema.optional(),
  /** Whether to show anonymous sessions too. @default false */
  anonymous: z.boolean().default(false),
  /** `next` of the previous page. TanStack Query requires this name. */
  cursor: z.string().max(200).optional(),
  /** 1 to 100. @default 25 */
  limit: z.int().min(1).max(100).default(25),
});
export type OwnedSessionPageInput = z.infer<typeof ownedSessionPageInputSchema>;

export const ownedSessionPageSchema = z.object({
  sessions: z.array(ownedSessionSchema),
  /** The `cursor` of the next page; null on the last page. A page may be short, or empty, although there are more: at most 1,000 sessions are read at a time. */
  next: z.string().nullable(),
  /** Matching sessions on all pages; null if there are more than 1,000 sessions, because then not all were read. */
  total: z.number().nullable(),
  /** `activity`: newest activity first. `none`: there are more than 1,000 sessions, so they come in an arbitrary, stable order. */
  order: z.enum(['activity', 'none']),
});
export type OwnedSessionPage = z.infer<typeof ownedSessionPageSchema>;

/** A session with its decoded data. Values under names such as `token` or `password` are hidden. */
export const ownedSessionDetailsSchema = sessionDetailsSchema.extend({
  user: ownerSchema.nullable(),
  data: z.array(
    z.object({
      key: z.string(),
      bytes: z.number(),
      /** The JSON value; null if it is hidden. */
      value: z.json(),
      /** The value is hidden, because its name or a name within it says that it is a secret, or because it exceeds 16 KiB. */
      isHidden: z.boolean(),
    }),
  ),
});
export type OwnedSessionDetails = z.infer<typeof ownedSessionDetailsSchema>;
