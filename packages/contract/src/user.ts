import { z } from 'zod';

export const roleSchema = z.enum(['user', 'admin']);
export type Role = z.infer<typeof roleSchema>;

export const accountStatusSchema = z.enum(['active', 'suspended']);
export type AccountStatus = z.infer<typeof accountStatusSchema>;

/**
 * The session's user, as `req.session.user`, `ctx.user`, `auth.me`, the hooks and the CLI all know it.
 * Add a field here and each of them has it.
 */
export const sessionUserSchema = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  status: accountStatusSchema,
});
export type SessionUser = z.infer<typeof sessionUserSchema>;
