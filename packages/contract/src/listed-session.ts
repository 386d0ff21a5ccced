import { z } from 'zod';
import { idSchema } from './id.ts';
import { instantSchema } from './instant.ts';

/** A live session in a list, for its owner or an administrator to recognise. Never its id or key. */
export const listedSessionSchema = z.object({
  /** Public name, `ses_…`. */
  handle: z.string(),
  /** The session that asks. */
  current: z.boolean(),
  loginTime: instantSchema,
  /** As exact as the activity interval. */
  lastActivity: instantSchema,
  /** When it ends if nothing more is asked of it. */
  expires: instantSchema,
  /** Address and browser of the last activity; null where there was none. */
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export type ListedSession = z.infer<typeof listedSessionSchema>;

export const sessionPageSchema = z.object({
  /** Newest activity first. */
  sessions: z.array(listedSessionSchema),
  /** Give it as `cursor` for the next page; null on the last. */
  next: z.string().nullable(),
});
export type SessionPage = z.infer<typeof sessionPageSchema>;

/** Sessions in a page, unless the call says another number, and at most. */
const [SESSIONS_A_PAGE, MAX_SESSIONS_A_PAGE] = [25, 100];

export const sessionPageInputSchema = z.object({
  /** Sessions in the page, 1 to 100; 25 by default. */
  limit: z.int().min(1).max(MAX_SESSIONS_A_PAGE).default(SESSIONS_A_PAGE),
  /** `next` of the page before; the name is react-query's. */
  cursor: z.string().max(100).optional(),
});
export type SessionPageInput = z.infer<typeof sessionPageInputSchema>;

export const userSessionPageInputSchema = sessionPageInputSchema.extend({ userId: idSchema });

export const handleInputSchema = z.object({ handle: idSchema });
