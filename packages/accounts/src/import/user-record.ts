import {
  accountStatusSchema,
  displayNameProblem,
  emailSchema,
  roleSchema,
  storedAttributes,
  type AccountStatus,
  type AttributeChanges,
  type AttributesSchema,
  type Role,
} from '@gatehouse/contract';
import { changeAttributes, describeAttributeProblems, UserAttributesError } from '../attributes.ts';
import { identifierKey } from '../identifier.ts';
import { ACCEPTED_HASHES, storedForeignHash } from './foreign-hash.ts';

/** What is read of each user, by the names that `columns` maps to those of the file. */
export const USER_FIELDS = ['id', 'username', 'email', 'name', 'role', 'status', 'password', 'createdAt', 'attributes'] as const;
export type UserField = (typeof USER_FIELDS)[number];

/** The names in the file of fields that have another name there. Besides `UserField`: `attributes.department` for a single attribute. */
export type FieldMap = Readonly<Record<string, string>>;

/** The columns of an account. */
export interface ImportedUser {
  readonly id: string;
  readonly username: string;
  readonly usernameKey: string;
  readonly email: string;
  readonly emailKey: string;
  readonly name: string;
  readonly role: Role;
  readonly status: AccountStatus;
  readonly passwordHash: string;
  readonly attributes: string;
  readonly createdAt: Date;
}

export interface ReadingRules {
  readonly columns: FieldMap;
  readonly attributes: AttributesSchema;
  readonly now: Date;
}

type Values = ReadonlyMap<string, unknown>;

/** Matches no password, as in Django. */
export const UNUSABLE_PASSWORD = '!';

const MAX_USERNAME_LENGTH = 64;
/** Visible ASCII: an id is part of URLs, log lines and Redis keys. */
const ID = /^[\u0021-\u007e]{1,64}$/;

/** The account of a user in the file, or everything that is wrong with it. Values are never part of a message that may be a secret. */
export function readUser(
  values: Values,
  { columns, attributes: schema, now }: ReadingRules,
): ImportedUser | { readonly problems: string[] } {
  const problems: string[] = [];
  const nameOf = (field: string): string => (Object.hasOwn(columns, field) ? (columns[field] ?? field) : field);
  const wrong = (field: string, problem: string): undefined => void problems.push(`${nameOf(field)} ${problem}`);
  function text(field: UserField): string {
    const value = valueAt(values, nameOf(field));
    if (value === undefined || value === null) return '';
    if (typeof value === 'string') return value.trim();
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value))) return String(value);
    wrong(field, typeof value === 'number' ? 'is a number that JSON cannot hold exactly. Write it as text' : 'must be text');
    return '';
  }
  const choice = <T extends string>(field: UserField, options: readonly T[], fallback: T, others: Readonly<Record<string, T>> = {}): T => {
    const value = text(field).toLowerCase();
    const found =
      value === '' ? fallback : (options.find((option) => option === value) ?? (Object.hasOwn(others, value) ? others[value] : undefined));
    if (found === undefined) wrong(field, `must be ${options.join(' or ')}`);
    return found ?? fallback;
  };

  const before = problems.length;
  const id = text('id');
  if (problems.length === before && !ID.test(id))
    wrong('id', id === '' ? 'is missing' : 'may have at most 64 characters, all of them visible ASCII');

  const typedName = text('username');
  const nameKey = identifierKey(typedName);
  const isAddress = nameKey !== undefined && emailSchema.safeParse(nameKey).success;
  const email = text('email') || (isAddress ? typedName : '');
  const emailKey = emailSchema.safeParse(email).success ? identifierKey(email) : undefined;
  if (emailKey === undefined) wrong('email', email === '' ? 'is missing' : 'is not an e-mail address');
  // Someone else may own that address, and would sign in with it.
  if (isAddress && emailKey !== undefined && nameKey !== emailKey) wrong('username', 'is an e-mail address, but not this user’s');
  const username = typedName === '' || isAddress ? `user-${id.replaceAll(/[^\w-]/g, '_')}`.slice(0, MAX_USERNAME_LENGTH) : typedName;
  const usernameKey = identifierKey(username);
  if (usernameKey === undefined || username.length > MAX_USERNAME_LENGTH)
    wrong('username', 'may have at most 64 characters, all of them visible ASCII');

  const name = text('name') || username;
  if (displayNameProblem(name) !== undefined || name.length > MAX_NAME_LENGTH)
    wrong('name', `must have at most ${MAX_NAME_LENGTH} characters, and no invisible ones`);

  const hash = text('password');
  const isUnusable = hash === '' || /^[!*]/.test(hash);
  const passwordHash = isUnusable ? UNUSABLE_PASSWORD : storedForeignHash(hash);
  if (passwordHash === undefined)
    wrong('password', `is not a hash that can be checked here, or costs too much. Accepted are ${ACCEPTED_HASHES}`);

  const account = {
    id,
    username,
    usernameKey: usernameKey ?? '',
    email,
    emailKey: emailKey ?? '',
    name,
    role: choice('role', roleSchema.options, 'user'),
    status: choice('status', accountStatusSchema.options, 'active', { true: 'active', 1: 'active', false: 'suspended', 0: 'suspended' }),
    passwordHash: passwordHash ?? '',
    createdAt: readTime(text('createdAt')) ?? now,
    attributes: '{}',
  };
  if (text('createdAt') !== '' && readTime(text('createdAt')) === undefined)
    wrong('createdAt', 'is not a time such as 2026-01-31T12:00:00Z');
  try {
    return problems.length > 0
      ? problemsWith(problems, values, { columns, schema })
      : { ...account, attributes: readAttributes(values, columns, schema) };
  } catch (error) {
    if (error instanceof UserAttributesError) return { problems: describeAttributeProblems(error.problems) };
    throw error;
  }
}

const MAX_NAME_LENGTH = 100;

/** So that wrong attributes are reported with the other problems. */
function problemsWith(problems: string[], values: Values, { columns, schema }: { columns: FieldMap; schema: AttributesSchema }) {
  try {
    readAttributes(values, columns, schema);
  } catch (error) {
    if (!(error instanceof UserAttributesError)) throw error;
    problems.push(...describeAttributeProblems(error.problems));
  }
  return { problems };
}

/** A value by its name, or by a path such as `_id.$oid`. Own properties only. */
function valueAt(values: Values, name: string): unknown {
  if (values.has(name)) return values.get(name);
  const [first = '', ...path] = name.split('.');
  let value = values.get(first);
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return path.length > 0 ? value : undefined;
}

/** ISO 8601, as databases export it too: with a space, and then in UTC unless it names a time zone. */
function readTime(text: string): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(text);
  if (!match) return undefined;
  const [, day = '', time = '00:00', zone = 'Z'] = match;
  const at = new Date(`${day}T${time}${/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

const PREFIX = 'attributes.';

/** The object `attributes`, and single ones. A field of CSV is text: what the schema does not take as text is read as JSON. */
function readAttributes(values: Values, columns: FieldMap, schema: AttributesSchema): string {
  const changes = new Map<string, unknown>();
  const whole = parsed(valueAt(values, (Object.hasOwn(columns, 'attributes') ? columns['attributes'] : undefined) ?? 'attributes'));
  if (whole !== undefined && whole !== null && whole !== '') {
    if (typeof whole !== 'object' || Array.isArray(whole)) throw new UserAttributesError({ attributes: ['This must be a JSON object.'] });
    for (const [name, value] of Object.entries(whole)) changes.set(name, value);
  }
  const single = [...values.keys()].filter((name) => name.startsWith(PREFIX)).map((name) => [name, name] as const);
  const mapped = Object.entries(columns).filter(([field]) => field.startsWith(PREFIX));
  for (const [field, theirs] of [...single, ...mapped]) {
    const value = valueAt(values, theirs);
    const name = field.slice(PREFIX.length);
    if (value === undefined || value === null) continue;
    const asText = Object.hasOwn(schema.shape, name) ? schema.shape[name]?.safeParse(value) : undefined;
    changes.set(name, asText?.success === false ? parsed(value) : value);
  }
  return changeAttributes(storedAttributes('{}'), Object.fromEntries(changes) as AttributeChanges, schema).text;
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
