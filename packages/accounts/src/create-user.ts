import { randomUUID } from 'node:crypto';
import {
  emailSchema,
  FIELD_MESSAGES,
  profileInputSchema,
  roleSchema,
  storedAttributes,
  type AttributesSchema,
  type Role,
  type SessionUser,
  type AttributeChanges,
} from '@gatehouse/contract';
import { inTransaction, isUniqueViolation, type Database } from '@gatehouse/prisma';
import { z } from 'zod';
import { activityRow, SYSTEM, type ActOptions } from './activity-row.ts';
import { changeAttributes, describeAttributeProblems, UserAttributesError } from './attributes.ts';
import { identifierKey, usernameSchema } from './identifier.ts';
import { insertUsers, type NewUserRow } from './insert-users.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { passwordProblems } from './password-policy.ts';
import { toSessionUser } from './session-user.ts';

export interface NewUser {
  username: string;
  email: string;
  name: string;
  role: Role;
  password: string;
  /** Your own fields; those left out get their defaults. */
  attributes?: AttributeChanges;
}

/** Validation messages by field. */
export type Problems = Partial<Record<keyof NewUser, string[]>>;

export type CreateUserOutcome =
  | { readonly ok: true; readonly user: SessionUser }
  | {
      readonly ok: false;
      readonly problems: Problems;
      /** What `problems.attributes` says, by path: `{ 'attributes.department': ['…'] }`. */
      readonly attributeProblems?: Readonly<Record<string, string[]>>;
    };

const newUserSchema = z.object({
  username: usernameSchema,
  email: emailSchema,
  name: profileInputSchema.shape.name,
  role: roleSchema,
  password: z.string(),
});

/** Collects all problems at once. A zod refinement of the object would not run while a field is invalid. */
function problemsOf(input: NewUser): Problems {
  const { error } = newUserSchema.safeParse(input);
  const problems: Problems = error ? z.flattenError(error).fieldErrors : {};
  if (error?.issues.some(({ code }) => code === 'invalid_type')) return problems;
  const password = passwordProblems(input.password, input);
  return password.length > 0 ? { ...problems, password } : problems;
}

export function userCreator(
  prisma: Database['prisma'],
  { hasher, now, attributes: schema }: { hasher: PasswordHasher; now: () => Date; attributes: AttributesSchema },
): (user: NewUser, options?: ActOptions) => Promise<CreateUserOutcome> {
  /** Which of the two is taken; empty if neither is. */
  async function takenProblems(keys: { usernameKey: string; emailKey: string }): Promise<Problems> {
    const [username, email] = await Promise.all([
      prisma.user.count({ where: { usernameKey: keys.usernameKey } }),
      prisma.user.count({ where: { emailKey: keys.emailKey } }),
    ]);
    return {
      ...(username > 0 && { username: [FIELD_MESSAGES.USERNAME_TAKEN] }),
      ...(email > 0 && { email: [FIELD_MESSAGES.EMAIL_TAKEN] }),
    };
  }

  return async (input, { by = SYSTEM } = {}) => {
    const attributes = attributesOf(input, schema);
    const wrong = problemsOf(input);
    if ('problems' in attributes) {
      const { problems } = attributes;
      return { ok: false, problems: { ...wrong, attributes: describeAttributeProblems(problems) }, attributeProblems: problems };
    }
    if (Object.keys(wrong).length > 0) return { ok: false, problems: wrong };
    const { password, ...user } = newUserSchema.parse(input);
    const keys = { usernameKey: keyOf(user.username), emailKey: keyOf(user.email) };

    const taken = await takenProblems(keys);
    if (Object.keys(taken).length > 0) return { ok: false, problems: taken };
    const row = {
      id: randomUUID(),
      ...user,
      ...keys,
      status: 'active',
      attributes: attributes.text,
      passwordHash: await hasher.hash(password),
      createdAt: now(),
    } satisfies NewUserRow;
    const entry = activityRow({ kind: 'user_created', detail: { role: user.role }, userId: row.id, at: now(), by });
    try {
      await inTransaction(prisma, (tx) => insertUsers(tx, [row], [entry]));
      return { ok: true, user: toSessionUser(row) };
    } catch (error) {
      // A concurrent call took the name. Query again, because each database reports the violated index differently.
      const problems = await takenProblems(keys);
      if (isUniqueViolation(error) && Object.keys(problems).length > 0) return { ok: false, problems };
      throw error;
    }
  };
}

function attributesOf(
  { attributes = {} }: NewUser,
  schema: AttributesSchema,
): { text: string } | { problems: UserAttributesError['problems'] } {
  try {
    return changeAttributes(storedAttributes('{}'), attributes, schema);
  } catch (error) {
    if (error instanceof UserAttributesError) return { problems: error.problems };
    throw error;
  }
}

function keyOf(identifier: string): string {
  const key = identifierKey(identifier);
  if (key === undefined) throw new TypeError('The schema accepted an identifier that has no comparison key.');
  return key;
}
