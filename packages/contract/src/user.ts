import { z } from 'zod';
import { isJsonObject, type UserAttributes } from './user-attributes.ts';

export const roleSchema = z.enum(['user', 'admin']);
export type Role = z.infer<typeof roleSchema>;

export const accountStatusSchema = z.enum(['active', 'suspended']);
export type AccountStatus = z.infer<typeof accountStatusSchema>;

/**
 * The session's user, as `req.session.user`, `ctx.user`, `auth.me`, the hooks and the CLI all know it.
 * Add a field here and each of them has it; one of your own needs no migration as an attribute.
 */
export const sessionUserSchema = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  status: accountStatusSchema,
  /** Fields of your own: see user-attributes.ts. */
  attributes: z.custom<UserAttributes>(isJsonObject, 'The attributes of a user are a JSON object.'),
});
export type SessionUser = z.infer<typeof sessionUserSchema>;
