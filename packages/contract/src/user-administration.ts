import { z } from './z.ts';
import { listedUserSchema } from './administration.ts';
import { fieldEditsSchema } from './editable-fields.ts';
import { idSchema } from './id.ts';
import { instantSchema } from './instant.ts';
import { profileInputSchema } from './profile.ts';
import { REASONS, type Reason } from './reasons.ts';
import { accountStatusSchema, roleSchema, sessionUserSchema } from './user.ts';

/** A row of the administrators' table of accounts. */
export const userRowSchema = listedUserSchema.extend({
  /** null: not since this is recorded. */
  lastSignIn: instantSchema.nullable(),
  /** Live sessions. */
  sessions: z.number(),
  /** Sign-in is delayed after failed attempts, so that `admin.users.unlock` has an effect. */
  isLocked: z.boolean(),
});
export type UserRow = z.infer<typeof userRowSchema>;

export const userSortSchema = z.enum(['name', 'createdAt', 'lastSignIn']);
export type UserSort = z.infer<typeof userSortSchema>;

export const userSearchInputSchema = z.object({
  /** Beginnings of words of the name, user name or e-mail address, in any letter case, with or without accents. Every word must match. */
  text: z.string().trim().max(200, 'This is too long to search for.').optional(),
  role: roleSchema.optional(),
  status: accountStatusSchema.optional(),
  /** true: only users with a live session. */
  signedIn: z.boolean().optional(),
  sort: userSortSchema.default('name'),
  /** @default false for `name`, true for times */
  descending: z.boolean().optional(),
  /** `next` of the previous page. TanStack Query requires this name. */
  cursor: z.string().max(2000).optional(),
  /** 1 to 100. @default 25 */
  limit: z.int().min(1).max(100).default(25),
});
export type UserSearchInput = z.infer<typeof userSearchInputSchema>;

export const userSearchSchema = z.object({
  users: z.array(userRowSchema),
  /** The `cursor` of the next page; null on the last page. */
  next: z.string().nullable(),
  /** false: more accounts match than are sorted in one search (1,000), so some are missing. A longer text or another filter finds them. */
  isComplete: z.boolean(),
});
export type UserSearch = z.infer<typeof userSearchSchema>;

export const userCreateInputSchema = z.object({
  username: z.string().max(100),
  email: z.string().max(300),
  name: z.string().max(300),
  role: roleSchema.default('user'),
  /** The app's own fields that administrators may edit: see `editableFields`. */
  attributes: fieldEditsSchema.optional(),
});
export type UserCreateInput = z.infer<typeof userCreateInputSchema>;

/** The password is stored only as a hash: show it once. */
export const createdUserSchema = z.object({ user: sessionUserSchema, temporaryPassword: z.string() });
export type CreatedUser = z.infer<typeof createdUserSchema>;

/** Fields that are left out stay as they are. */
export const userUpdateInputSchema = z.object({
  userId: idSchema,
  name: profileInputSchema.shape.name.optional(),
  email: z.string().trim().max(300).optional(),
  role: roleSchema.optional(),
  /** The app's own fields that administrators may edit: see `editableFields`. */
  attributes: fieldEditsSchema.optional(),
});
export type UserUpdateInput = z.infer<typeof userUpdateInputSchema>;

export const temporaryPasswordSchema = z.object({ temporaryPassword: z.string(), /** Live sessions that this ended. */ ended: z.number() });
export type TemporaryPassword = z.infer<typeof temporaryPasswordSchema>;

/** The result of an act on many accounts. */
export const bulkOutcomeSchema = z.object({
  /** Accounts that it was done to. */
  done: z.array(z.string()),
  /** Accounts that it could not be done to. The others are done all the same. */
  failed: z.array(z.object({ userId: z.string(), reason: z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]) })),
  /** Live sessions that this ended. */
  ended: z.number(),
});
export type BulkOutcome = z.infer<typeof bulkOutcomeSchema>;
