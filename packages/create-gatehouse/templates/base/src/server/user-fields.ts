import { z } from 'zod';

/** Your own fields of users. Each is optional or has a default, because older accounts do not have it. No migration is needed. */
export const userFields = z.object({
  team: z.string().trim().min(1).max(80).default('Everyone'),
});

type Fields = z.infer<typeof userFields>;

declare module '@gatehouse/contract' {
  interface UserAttributes extends Fields {}
}
