import { z } from 'zod';

/** What an administrator sees at a glance. */
export const overviewSchema = z.object({
  users: z.number(),
  liveSessions: z.number(),
  signedInUsers: z.number(),
});
export type Overview = z.infer<typeof overviewSchema>;
