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
export const sessionListSchema = z.array(listedSessionSchema);

export const handleInputSchema = z.object({ handle: idSchema });
