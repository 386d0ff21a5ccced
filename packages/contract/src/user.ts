import { z } from './z.ts';
import { isJsonObject, type UserAttributes } from './user-attributes.ts';

export const roleSchema = z.enum(['user', 'admin']);
export type Role = z.infer<typeof roleSchema>;

export const accountStatusSchema = z.enum(['active', 'suspended']);
export type AccountStatus = z.infer<typeof accountStatusSchema>;

/**
 * The user of a session: `req.session.user`, `ctx.user`, `auth.me`, the hooks and the CLI.
 * For a custom field, add an attribute (user-attributes.ts): that needs no migration.
 */
export const sessionUserSchema = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  status: accountStatusSchema,
  /** Custom fields: see user-attributes.ts. */
  attributes: z.custom<UserAttributes>(isJsonObject, 'User attributes must be a JSON object.'),
});
export type SessionUser = z.infer<typeof sessionUserSchema>;
