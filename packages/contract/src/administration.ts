import { z } from './z.ts';
import { idSchema } from './id.ts';
import { instantSchema } from './instant.ts';
import { accountStatusSchema, roleSchema, sessionUserSchema } from './user.ts';

/** Counts for the administrators' overview. */
export const overviewSchema = z.object({
  users: z.number(),
  liveSessions: z.number(),
  signedInUsers: z.number(),
});
export type Overview = z.infer<typeof overviewSchema>;

/** An account in an administrator's list. */
export const listedUserSchema = sessionUserSchema.extend({ createdAt: instantSchema });
export type ListedUser = z.infer<typeof listedUserSchema>;

export const userPageSchema = z.object({
  users: z.array(listedUserSchema),
  /** The `cursor` of the next page; null on the last page. */
  next: z.string().nullable(),
});
export type UserPage = z.infer<typeof userPageSchema>;

/** `cursor`: the `next` of the previous page. TanStack Query requires this name. */
export const userPageInputSchema = z.object({ cursor: z.string().max(254).optional() });

export const userInputSchema = z.object({ userId: idSchema });
export const roleInputSchema = z.object({ userId: idSchema, role: roleSchema });
export const statusInputSchema = z.object({ userId: idSchema, status: accountStatusSchema });
