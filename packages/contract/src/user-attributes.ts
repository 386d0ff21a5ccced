import { z } from './z.ts';

/**
 * Custom fields of every user. Each must be optional or have a default, because existing accounts have no value. Values are JSON; dates are
 * strings (`z.iso.date()`). A field added here appears in the accounts, `req.session.user`, `ctx.user`, `auth.me`, the hooks, the CLI and the
 * account pages, without a migration. Forms can edit it if it has `meta({ editable: true })`: see editable-fields.ts. A separate Express app
 * declares its fields in its own file: docs/express.md.
 */
export const userAttributesSchema = z.object({});

type Fields = z.infer<typeof userAttributesSchema>;
/** For an empty schema, zod infers a record that allows no keys. */
// oxlint-disable-next-line typescript/no-empty-object-type
type Declared = string extends keyof Fields ? {} : Fields;

/** The type of `user.attributes`. An app merges its own fields into it. */
export interface UserAttributes extends Declared {}

type Changes = { readonly [Name in keyof UserAttributes]?: UserAttributes[Name] | undefined };
/** Fields to set; `undefined` removes a field. */
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
 * The attributes in stored JSON or in a cached copy. Fields are neither checked nor dropped, so that a copy keeps the fields that another version
 * of the app declares. Empty if the value is not a JSON object. Never throws.
 */
export function storedAttributes(stored: unknown): UserAttributes {
  const value = typeof stored === 'string' ? parseJson(stored) : stored;
  return asAttributes(isJsonObject(value) ? value : {});
}

/**
 * Reads stored attributes with a schema. A missing or invalid field gets its default. Undeclared fields are left out. Never throws, so that a
 * bad row cannot break reading.
 */
export function readAttributes(stored: UserAttributes, { shape }: AttributesSchema): UserAttributes {
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const value = validValue(field, ownValue(stored, name)) ?? validValue(field, undefined);
    if (value !== undefined) read[name] = value;
  }
  return asAttributes(read);
}

/** The attributes of an account that has none stored. For fixtures of tests, which then hold whatever fields are declared. */
export const defaultAttributes = (): UserAttributes => readAttributes(storedAttributes({}), userAttributesSchema);

/** @throws TypeError if a field is required: existing accounts have no value for it. */
export function assertAttributesSchema({ shape }: AttributesSchema): void {
  for (const [name, field] of Object.entries(shape)) {
    if (name === '__proto__') throw new TypeError('A user attribute cannot be named __proto__.');
    if (!field.safeParse(undefined).success)
      throw new TypeError(`The user attribute ${name} must be optional or have a default: existing accounts have no value.`);
  }
}

export const isJsonObject = (value: unknown): value is UserAttributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Attributes are checked only where they are read or written with a schema. */
const asAttributes = (object: unknown): UserAttributes => object as UserAttributes;

const ownValue = (stored: object, name: string): unknown =>
  Object.hasOwn(stored, name) ? (stored as Record<string, unknown>)[name] : undefined;

/** The valid value of a field, else undefined. Custom refinements may throw. */
function validValue(field: AttributeSchema, value: unknown): unknown {
  try {
    const outcome = field.safeParse(value);
    return outcome.success ? outcome.data : undefined;
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
