import { z } from './z.ts';
import { idSchema } from './id.ts';
import { instantSchema } from './instant.ts';

/** An active session as its owner and administrators see it. Does not contain the secret in its cookie. */
export const listedSessionSchema = z.object({
  /** Public id, `ses_…`. */
  handle: z.string(),
  /** The session that made this request. */
  current: z.boolean(),
  loginTime: instantSchema,
  /** Accurate to the activity interval (`SESSION_ACTIVITY_INTERVAL`). */
  lastActivity: instantSchema,
  /** When it expires if it is not used again. */
  expires: instantSchema,
  /** IP address and user agent of the last activity; null if unknown. */
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export type ListedSession = z.infer<typeof listedSessionSchema>;

export const sessionPageSchema = z.object({
  /** Newest activity first. */
  sessions: z.array(listedSessionSchema),
  /** The `cursor` of the next page; null on the last page. */
  next: z.string().nullable(),
});
export type SessionPage = z.infer<typeof sessionPageSchema>;

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 100;

export const sessionPageInputSchema = z.object({
  /** Sessions per page, 1 to 100. @default 25 */
  limit: z.int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  /** `next` of the previous page. TanStack Query requires this name. */
  cursor: z.string().max(100).optional(),
});
export type SessionPageInput = z.infer<typeof sessionPageInputSchema>;

export const userSessionPageInputSchema = sessionPageInputSchema.extend({ userId: idSchema });

export const handleInputSchema = z.object({ handle: idSchema });
