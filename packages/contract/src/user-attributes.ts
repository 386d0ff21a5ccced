import { z } from 'zod';

/**
 * Fields of your own of every user. Each is optional or has a default: accounts from before the field have none. Values are JSON; a date is text
 * (`z.iso.date()`). Add a field here, and the accounts, `req.session.user`, `ctx.user`, `auth.me`, the hooks, the CLI and the account pages have
 * it; there is no migration. An Express app of its own declares its fields in a file of its own: docs/express.md.
 */
export const userAttributesSchema = z.object({});

type Fields = z.infer<typeof userAttributesSchema>;
/** Without a field, zod infers an object that may have none. */
// oxlint-disable-next-line typescript/no-empty-object-type
type Declared = string extends keyof Fields ? {} : Fields;

/** The type of `user.attributes`. An app merges its own fields into it. */
export interface UserAttributes extends Declared {}

type Changes = { readonly [Name in keyof UserAttributes]?: UserAttributes[Name] | undefined };
/** Fields to set; `undefined` takes one away. */
export interface AttributeChanges extends Changes {}

/** The part of a zod object schema that reading and writing attributes need. */
export interface AttributesSchema {
  readonly shape: Readonly<Record<string, AttributeSchema>>;
}

interface AttributeSchema {
  safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: { issues: readonly AttributeIssue[] } };
}

interface AttributeIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * The attributes in a stored text or copy, whoever wrote them: no field is checked or left out, so that a copy of them keeps what another version
 * has declared. Nothing where it is no JSON object. Never throws.
 */
export function storedAttributes(stored: unknown): UserAttributes {
  const value = typeof stored === 'string' ? parsed(stored) : stored;
  return asAttributes(isJsonObject(value) ? value : {});
}

/**
 * Stored attributes by a schema. A field that is missing has its default; one whose stored value does not fit counts as missing. What the
 * schema does not declare is left out. Never throws, so that no row can fail a reader.
 */
export function readAttributes(stored: UserAttributes, { shape }: AttributesSchema): UserAttributes {
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const value = fitting(field, ownValue(stored, name)) ?? fitting(field, undefined);
    if (value !== undefined) read[name] = value;
  }
  return asAttributes(read);
}

/** @throws TypeError if a field must be given: every account that was made before it would break its type. */
export function assertAttributesSchema({ shape }: AttributesSchema): void {
  for (const [name, field] of Object.entries(shape)) {
    if (name === '__proto__') throw new TypeError('No attribute of a user can be named __proto__.');
    if (!field.safeParse(undefined).success)
      throw new TypeError(`The user attribute ${name} must be optional or have a default: accounts from before it have none.`);
  }
}

export const isJsonObject = (value: unknown): value is UserAttributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** They are checked at the edges alone: by what reads and writes them with a schema. */
const asAttributes = (object: unknown): UserAttributes => object as UserAttributes;

const ownValue = (stored: object, name: string): unknown =>
  Object.hasOwn(stored, name) ? (stored as Record<string, unknown>)[name] : undefined;

/** A refinement of the app's own may throw. */
function fitting(field: AttributeSchema, value: unknown): unknown {
  try {
    const outcome = field.safeParse(value);
    return outcome.success ? outcome.data : undefined;
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
