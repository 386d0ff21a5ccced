import { types } from 'node:util';
import { UnstorableValueError } from './errors.ts';

/** Deeper than any honest session, and far from the stack's end. */
const MAX_DEPTH = 100;

/**
 * More than any honest session: the default limit of its size (`SESSION_MAX_SIZE`) leaves a byte for each. An object that is in several places
 * is copied for each of them: of thirty that have the next one twice, a copy without a bound would never end.
 */
const MAX_VALUES = 262_144;

export interface CopyOptions {
  /** The session's key that the value is under. */
  readonly key: string;
  /** Dates pass. If not, a date is refused: without a schema it would come back as text. */
  readonly keepsDates: boolean;
}

/**
 * A copy of a session value, of plain data only: what JSON makes of it comes back equal, dates by schema.
 *
 * An allow-list. These pass: null, booleans, strings, finite numbers, plain arrays, plain objects, dates where `keepsDates`
 * says so, and objects whose `toJSON` gives one of these. Everything else is refused. A property that is undefined counts
 * as one that is not there.
 *
 * Each property is read once: what was checked is what is stored, whatever a getter, a `toJSON` or a Proxy answers next.
 *
 * @throws UnstorableValueError with the path of the value, such as `cart.items[3].price`
 */
export function plainCopy(value: unknown, options: CopyOptions): unknown {
  const place: Place = { ...options, ancestors: [], path: [], copied: 0 };
  try {
    return copy(value, place);
  } catch (error) {
    if (error instanceof UnstorableValueError) throw error;
    // A getter, a toJSON or a Proxy threw.
    throw refusal(place, 'a value that cannot be read', { cause: error });
  }
}

/** Where the copying is. */
interface Place extends CopyOptions {
  /** The objects that are being copied, the outermost first. */
  readonly ancestors: object[];
  /** The member of each of them. What is beyond their number is left over. */
  readonly path: (string | number)[];
  /** Values so far. */
  copied: number;
}

const refusal = ({ key, path, ancestors }: Place, what: string, more?: { hint?: string; cause?: unknown }): UnstorableValueError =>
  new UnstorableValueError(pathText([key, ...path.slice(0, ancestors.length)]), what, more);

function copy(value: unknown, place: Place): unknown {
  place.copied += 1;
  if (place.copied > MAX_VALUES) throw refusal(place, `more than ${MAX_VALUES} values`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw refusal(place, String(value));
      // JSON text has one zero for both; `===` tells no difference.
      return value === 0 ? 0 : value;
    case 'object':
      return value === null ? null : copyObject(value, place);
    default:
      throw refusal(place, `a ${typeof value}`);
  }
}

function copyObject(object: object, place: Place): unknown {
  if (types.isDate(object)) return copyDate(object, place);
  // A Buffer has a toJSON, but what it gives is no Buffer when it is read.
  if (ArrayBuffer.isView(object)) throw refusal(place, nameOf(object));
  const { toJSON } = object as { toJSON?: unknown };
  if (typeof toJSON !== 'function') return copyMembers(object, place);
  const json: unknown = Reflect.apply(toJSON, object, [String(place.path[place.ancestors.length - 1] ?? place.key)]);
  // As JSON.stringify: the toJSON of the result is not called.
  return typeof json === 'object' && json !== null && !types.isDate(json) ? copyMembers(json, place) : copy(json, place);
}

function copyDate(date: Date, place: Place): Date {
  if (Number.isNaN(date.getTime())) throw refusal(place, 'an invalid date');
  if (!place.keepsDates)
    throw refusal(place, 'a date', { hint: `Declare "${shorten(place.key)}" in the session schema, or store the date's toISOString().` });
  return new Date(date.getTime());
}

function copyMembers(object: object, place: Place): unknown {
  const isArray = Array.isArray(object);
  if (!(isArray ? isPlainArray(object) : isPlainObject(object))) throw refusal(place, nameOf(object));
  if (Object.getOwnPropertySymbols(object).length > 0) throw refusal(place, 'a symbol as a key');
  if (place.ancestors.includes(object)) throw refusal(place, 'a cycle');
  if (place.ancestors.length === MAX_DEPTH) throw refusal(place, `more than ${MAX_DEPTH} levels`);
  place.ancestors.push(object);
  const result = isArray ? copyArray(object, place) : copyPlainObject(object as Record<string, unknown>, place);
  place.ancestors.pop();
  if (isArray && Object.keys(object).length !== object.length)
    throw refusal(place, 'an array with named keys', { hint: 'Store an object instead.' });
  return result;
}

function copyArray(array: readonly unknown[], place: Place): unknown[] {
  const depth = place.ancestors.length - 1;
  const result: unknown[] = [];
  for (let index = 0; index < array.length; index++) {
    place.path[depth] = index;
    const item = copy(array[index], place);
    // JSON would make it null.
    if (item === undefined) throw refusal(place, 'undefined in an array', { hint: 'Store null instead.' });
    result.push(item);
  }
  return result;
}

function copyPlainObject(object: Readonly<Record<string, unknown>>, place: Place): object {
  const depth = place.ancestors.length - 1;
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    place.path[depth] = name;
    const inner = copy(object[name], place);
    if (inner === undefined) continue;
    // Assigned, it would be the copy's prototype.
    if (name === '__proto__') Object.defineProperty(result, name, { value: inner, enumerable: true });
    else result[name] = inner;
  }
  return result;
}

// Objects of another realm (node:vm, Jest) have prototypes of their own, which are as plain as ours.

function isPlainObject(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf');
}

function isPlainArray(array: readonly unknown[]): boolean {
  const prototype: unknown = Object.getPrototypeOf(array);
  if (prototype === Array.prototype) return true;
  // Array.prototype is an array itself; that of a subclass is not.
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
