import { instantSchema, sessionDataSchema } from '@gatehouse/contract';
import { z } from 'zod';

/** The shop's own session data. Every key is optional, because a new session is empty. */
export const sessionValues = sessionDataSchema.extend({
  basket: z.array(z.string()).optional(),
  visits: z.int().optional(),
  /** Stored as JSON, and a `Date` again when the session is loaded. */
  firstVisit: instantSchema.optional(),
});

type SessionValues = z.infer<typeof sessionValues>;

/** Types `req.session`, and `ctx.session.data` of procedures. */
declare module '@gatehouse/contract' {
  // oxlint-disable-next-line typescript/no-empty-object-type
  interface SessionData extends SessionValues {}
}
