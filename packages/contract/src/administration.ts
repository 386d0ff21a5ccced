import { z } from 'zod';
import { idSchema } from './id.ts';
import { instantSchema } from './instant.ts';
import { accountStatusSchema, roleSchema, sessionUserSchema } from './user.ts';

/** An account in an administrator's list. */
export const listedUserSchema = sessionUserSchema.extend({ createdAt: instantSchema });
export type ListedUser = z.infer<typeof listedUserSchema>;

export const userPageSchema = z.object({
  users: z.array(listedUserSchema),
  /** Give it as `cursor` for the next page; null on the last. */
  next: z.string().nullable(),
});
export type UserPage = z.infer<typeof userPageSchema>;

/** `cursor`: the `next` of the page before; the name is react-query's. */
export const userPageInputSchema = z.object({ cursor: z.string().max(254).optional() });

export const userInputSchema = z.object({ userId: idSchema });
export const roleInputSchema = z.object({ userId: idSchema, role: roleSchema });
export const statusInputSchema = z.object({ userId: idSchema, status: accountStatusSchema });
