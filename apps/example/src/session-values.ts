import { instantSchema, sessionDataSchema } from '@gatehouse/contract';
import { z } from 'zod';

/** What this shop keeps in a session beside what Gatehouse does. Every key is optional: a new session has none. */
export const sessionValues = sessionDataSchema.extend({
  basket: z.array(z.string()).optional(),
  visits: z.int().optional(),
  /** A date here is one again when the session is loaded. */
  firstVisit: instantSchema.optional(),
});

type SessionValues = z.infer<typeof sessionValues>;

declare module 'express-session' {
  // oxlint-disable-next-line typescript/no-empty-object-type
  interface SessionData extends SessionValues {}
}
