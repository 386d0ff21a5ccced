import { types } from 'node:util';
import { UnstorableValueError } from './errors.ts';

/** Deeper than real sessions, and far from a stack overflow. */
const MAX_DEPTH = 100;

/**
 * More than real sessions: the default limit of a session's size (`SESSION_MAX_SIZE`) allows one byte for each. An
 * object that is referenced several times is copied each time, so 30 objects that each contain the next one twice would
 * never finish.
 */
const MAX_VALUES = 262_144;

export interface CopyOptions {
  /** The session key of the value. */
  readonly key: string;
  /** Dates are allowed. Otherwise a date is refused, because without a schema it would be read back as text. */
  readonly keepsDates: boolean;
}

/**
 * Copies a session value that consists of plain data, so that JSON restores it unchanged (dates by schema).
 *
 * Allowed are null, booleans, strings, finite numbers, plain arrays, plain objects, dates if `keepsDates`, and objects
 * whose `toJSON` returns one of these. Everything else is refused. An undefined property counts as missing.
 *
 * Each property is read once. So the checked value is the stored one, even if a getter, a `toJSON` or a Proxy returns
 * something else the next time.
 *
 * @throws UnstorableValueError with the path of the value, such as `cart.items[3].price`
 */
export function plainCopy(value: unknown, options: CopyOptions): unknown {
  const state: CopyState = { ...options, ancestors: [], path: [], copied: 0 };
  try {
    return copy(value, state);
  } catch (error) {
    if (error instanceof UnstorableValueError) throw error;
    // A getter, a toJSON or a Proxy threw the error.
    throw refusal(state, 'a value that cannot be read', { cause: error });
  }
}

/** Current position of the copy. */
interface CopyState extends CopyOptions {
  /** The objects being copied, outermost first. */
  readonly ancestors: object[];
  /** The current key in each of them. Entries beyond the number of ancestors are stale. */
  readonly path: (string | number)[];
  /** Number of values copied so far. */
  copied: number;
}

const refusal = ({ key, path, ancestors }: CopyState, what: string, more?: { hint?: string; cause?: unknown }): UnstorableValueError =>
  new UnstorableValueError(pathText([key, ...path.slice(0, ancestors.length)]), what, more);

function copy(value: unknown, state: CopyState): unknown {
  state.copied += 1;
  if (state.copied > MAX_VALUES) throw refusal(state, `more than ${MAX_VALUES} values`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw refusal(state, String(value));
      // JSON has no negative zero, and `===` does not distinguish the two.
      return value === 0 ? 0 : value;
    case 'object':
      return value === null ? null : copyObject(value, state);
    default:
      throw refusal(state, `a ${typeof value}`);
  }
}

function copyObject(object: object, state: CopyState): unknown {
  if (types.isDate(object)) return copyDate(object, state);
  // A Buffer has a toJSON, but it would not be read back as a Buffer.
  if (ArrayBuffer.isView(object)) throw refusal(state, nameOf(object));
  const { toJSON } = object as { toJSON?: unknown };
  if (typeof toJSON !== 'function') return copyMembers(object, state);
  const json: unknown = Reflect.apply(toJSON, object, [String(state.path[state.ancestors.length - 1] ?? state.key)]);
  // Like JSON.stringify, do not call the result's toJSON.
  return typeof json === 'object' && json !== null && !types.isDate(json) ? copyMembers(json, state) : copy(json, state);
}

function copyDate(date: Date, state: CopyState): Date {
  if (Number.isNaN(date.getTime())) throw refusal(state, 'an invalid date');
  if (!state.keepsDates)
    throw refusal(state, 'a date', { hint: `Declare "${shorten(state.key)}" in the session schema, or store the date's toISOString().` });
  return new Date(date.getTime());
}

function copyMembers(object: object, state: CopyState): unknown {
  const isArray = Array.isArray(object);
  if (!(isArray ? isPlainArray(object) : isPlainObject(object))) throw refusal(state, nameOf(object));
  if (Object.getOwnPropertySymbols(object).length > 0) throw refusal(state, 'a symbol as a key');
  if (state.ancestors.includes(object)) throw refusal(state, 'a cycle');
  if (state.ancestors.length === MAX_DEPTH) throw refusal(state, `more than ${MAX_DEPTH} levels`);
  state.ancestors.push(object);
  const result = isArray ? copyArray(object, state) : copyPlainObject(object as Record<string, unknown>, state);
  state.ancestors.pop();
  if (isArray && Object.keys(object).length !== object.length)
    throw refusal(state, 'an array with named keys', { hint: 'Store an object instead.' });
  return result;
}

function copyArray(array: readonly unknown[], state: CopyState): unknown[] {
  const depth = state.ancestors.length - 1;
  const result: unknown[] = [];
  for (let index = 0; index < array.length; index++) {
    state.path[depth] = index;
    const item = copy(array[index], state);
    // JSON would store null.
    if (item === undefined) throw refusal(state, 'undefined in an array', { hint: 'Store null instead.' });
    result.push(item);
  }
  return result;
}

function copyPlainObject(object: Readonly<Record<string, unknown>>, state: CopyState): object {
  const depth = state.ancestors.length - 1;
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    state.path[depth] = name;
    const inner = copy(object[name], state);
    if (inner === undefined) continue;
    // An assignment would set the copy's prototype.
    if (name === '__proto__') Object.defineProperty(result, name, { value: inner, enumerable: true });
    else result[name] = inner;
  }
  return result;
}

// Objects of another realm (node:vm, Jest) have other prototypes but are plain too.

function isPlainObject(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf');
}

function isPlainArray(array: readonly unknown[]): boolean {
  const prototype: unknown = Object.getPrototypeOf(array);
  if (prototype === Array.prototype) return true;
  // Array.prototype is an array; the prototype of a subclass is not.
  return Array.isArray(prototype) && Object.hasOwn(prototype, 'concat');
}

function nameOf(object: object): string {
  const { constructor } = object as { constructor?: { name?: unknown } };
  const name = constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' && name !== 'Array'
    ? `an instance of ${name}`
    : 'an object with a prototype of its own';
}

const MAX_NAME_LENGTH = 60;

/** `cart.items[3].price`, `cart["unit price"]`. */
const pathText = ([first, ...rest]: readonly (string | number)[]): string =>
  [
    typeof first === 'string' ? shorten(first) : '',
    ...rest.map((part) =>
      typeof part === 'number'
        ? `[${part}]`
        : /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(part)
          ? `.${shorten(part)}`
          : `[${JSON.stringify(shorten(part))}]`,
    ),
  ].join('');

const shorten = (name: string): string => (name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name);
