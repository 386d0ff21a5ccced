import { isJsonObject, type AttributeChanges, type AttributesSchema, type UserAttributes } from '@gatehouse/contract';
import { isDeepStrictEqual } from 'node:util';

/** Of the stored JSON, in bytes of UTF-8. They go with every request and every answer of `auth.me`. */
const MAX_ATTRIBUTES_BYTES = 8192;

/** PostgreSQL refuses a NUL in a text, and half of a surrogate pair does not survive UTF-8: as escapes they would wait in the JSON for whoever reads it. */
const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

export interface AttributesWriting {
  /** The whole of what is to be stored. Fields that the schema does not declare stay as they are stored. */
  readonly text: string;
  readonly isChanged: boolean;
}

/** Attributes that the schema refuses; nothing was changed. */
export class UserAttributesError extends Error {
  override readonly name = 'UserAttributesError';
  readonly code = 'INVALID_ATTRIBUTES';
  /** By the path of the field: `{ 'attributes.department': ['…'] }`. */
  readonly problems: Readonly<Record<string, string[]>>;

  constructor(problems: Readonly<Record<string, string[]>>) {
    super(describeAttributeProblems(problems).join(' '));
    this.problems = problems;
  }
}

export const describeAttributeProblems = (problems: Readonly<Record<string, string[]>>): string[] =>
  Object.entries(problems).flatMap(([path, messages]) => messages.map((message) => `${path}: ${message}`));

/**
 * Lays changes over stored attributes. Only the fields that are named are looked at: what another version stored under the others is neither
 * checked nor lost. `undefined` takes a field away. @throws UserAttributesError
 */
export function changeAttributes(before: UserAttributes, changes: AttributeChanges, { shape }: AttributesSchema): AttributesWriting {
  if (!isJsonObject(changes)) throw new UserAttributesError({ attributes: ['Attributes are an object of fields.'] });
  const problems: Record<string, string[]> = {};
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!field) {
      const names = Object.keys(shape).join(', ');
      problems[`attributes.${name}`] = [`There is no such field.${names === '' ? ' None is declared.' : ` There are: ${names}.`}`];
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
  // Taking something away is never refused: other versions may have stored more.
  if (bytes > MAX_ATTRIBUTES_BYTES && bytes > Buffer.byteLength(JSON.stringify(before)))
    problems['attributes'] = [`All attributes of a user take at most ${MAX_ATTRIBUTES_BYTES} bytes as JSON; these take ${bytes}.`];
  if (Object.keys(problems).length > 0) throw new UserAttributesError(problems);
  return { text, isChanged: !isDeepStrictEqual(after, before) };
}

/** Why a value would not come back as it is; undefined: it would. */
function storingProblem(value: unknown, field: AttributesSchema['shape'][string]): string | undefined {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'This is no JSON value.';
  if (UNSTORABLE.test(text)) return 'This text has a character that cannot be stored.';
  const back: unknown = JSON.parse(text);
  if (!isDeepStrictEqual(back, value)) return 'This is no JSON value: store text, numbers, booleans, null, arrays and objects of them.';
  const again = field.safeParse(back);
  return again.success && isDeepStrictEqual(again.data, value) ? undefined : 'The schema would change this value again when it is read.';
}
