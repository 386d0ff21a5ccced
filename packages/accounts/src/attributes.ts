import { isJsonObject, type AttributeChanges, type AttributesSchema, type UserAttributes } from '@gatehouse/contract';
import { isDeepStrictEqual } from 'node:util';

/** Size of the stored JSON in UTF-8. Every authenticated request loads it and every `auth.me` response contains it. */
const MAX_ATTRIBUTES_BYTES = 8192;

/** PostgreSQL rejects NUL in text, and a lone surrogate does not survive UTF-8. JSON would hide both in escapes, so check those. */
const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

export interface AttributesUpdate {
  /** All attributes as JSON, ready to store. Stored fields that the schema does not declare are kept. */
  readonly text: string;
  /** The names of the fields that have another value than before. */
  readonly changed: readonly string[];
}

/** The schema rejects the attributes. Nothing was changed. */
export class UserAttributesError extends Error {
  override readonly name = 'UserAttributesError';
  readonly code = 'INVALID_ATTRIBUTES';
  /** Messages by field path: `{ 'attributes.department': ['…'] }`. */
  readonly problems: Readonly<Record<string, string[]>>;

  constructor(problems: Readonly<Record<string, string[]>>) {
    super(describeAttributeProblems(problems).join(' '));
    this.problems = problems;
  }
}

export const describeAttributeProblems = (problems: Readonly<Record<string, string[]>>): string[] =>
  Object.entries(problems).flatMap(([path, messages]) => messages.map((message) => `${path}: ${message}`));

/**
 * Applies changes to stored attributes. Only the named fields are validated; other fields, which another version may have stored, are
 * kept unchecked. `undefined` removes a field. @throws UserAttributesError
 */
export function changeAttributes(before: UserAttributes, changes: AttributeChanges, { shape }: AttributesSchema): AttributesUpdate {
  if (!isJsonObject(changes)) throw new UserAttributesError({ attributes: ['Attributes must be an object of fields.'] });
  const problems: Record<string, string[]> = {};
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!field) {
      const names = Object.keys(shape).join(', ');
      problems[`attributes.${name}`] = [`There is no such field.${names === '' ? ' None are declared.' : ` The fields are: ${names}.`}`];
      continue;
    }
    if (value === undefined) {
      delete after[name];
      continue;
    }
    const outcome = field.safeParse(value);
    if (outcome.success) {
      const problem = storingProblem(outcome.data, field);
      if (problem === undefined) after[name] = outcome.data;
      else problems[`attributes.${name}`] = [problem];
      continue;
    }
    for (const { path, message } of outcome.error.issues)
      (problems[['attributes', name, ...path].map(String).join('.')] ??= []).push(message);
  }
  const text = JSON.stringify(after);
  const bytes = Buffer.byteLength(text);
  // Shrinking is always allowed, because another version may have stored more than the limit.
  if (bytes > MAX_ATTRIBUTES_BYTES && bytes > Buffer.byteLength(JSON.stringify(before)))
    problems['attributes'] = [`All attributes of a user may take at most ${MAX_ATTRIBUTES_BYTES} bytes as JSON; these take ${bytes}.`];
  if (Object.keys(problems).length > 0) throw new UserAttributesError(problems);
  const old: Record<string, unknown> = { ...before };
  return { text, changed: Object.keys(changes).filter((name) => !isDeepStrictEqual(after[name], old[name])) };
}

/** Why a value would not survive storing and reading it again; undefined if it would. */
function storingProblem(value: unknown, field: AttributesSchema['shape'][string]): string | undefined {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'This is not a JSON value.';
  if (UNSTORABLE.test(text)) return 'This text contains a character that cannot be stored.';
  const back: unknown = JSON.parse(text);
  if (!isDeepStrictEqual(back, value)) return 'This is not a JSON value. Use text, numbers, booleans, null, arrays and objects of them.';
  const again = field.safeParse(back);
  return again.success && isDeepStrictEqual(again.data, value) ? undefined : 'The schema would change this value again when it is read.';
}
