import { z } from './z.ts';
import type { AttributesSchema } from './user-attributes.ts';

interface FieldBase {
  /** The name of the user attribute. */
  readonly key: string;
  /** `meta({ title })`; null: derive a label from the key. */
  readonly title: string | null;
  /** `meta({ description })`: a hint below the label. */
  readonly description: string | null;
  /** This editor cannot change it. */
  readonly readOnly: boolean;
  /** The value while none is stored; null: there is none. */
  readonly default: string | number | boolean | null;
  /** It has a default and accepts no empty value, so it cannot be emptied. */
  readonly required: boolean;
}

export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly format: 'plain' | 'email' | 'url';
  /** `meta({ multiline: true })`. */
  readonly multiline: boolean;
  /** In UTF-16 units, as in zod and HTML; null: no limit. */
  readonly minLength: number | null;
  readonly maxLength: number | null;
}

export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly integer: boolean;
  /** Inclusive; null: no limit that a form can check. */
  readonly min: number | null;
  readonly max: number | null;
}

export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  /** `label`: the title of a literal; null: show the value. */
  readonly options: readonly { readonly value: string | number; readonly label: string | null }[];
}

/** A user attribute as a form shows it. A date is text, `2026-12-31`. The server checks more than the limits that are given here. */
export type FormField = TextField | NumberField | ChoiceField | (FieldBase & { readonly kind: 'boolean' | 'date' });

/** JSON Schema, as far as it matters here. */
interface JsonSchema {
  readonly type?: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly multiline?: unknown;
  readonly editable?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

type Schema = AttributesSchema['shape'][string];

type WithoutBase<Field> = Field extends FieldBase ? Omit<Field, keyof FieldBase> : never;
type FieldKind = WithoutBase<FormField>;

/** `readOnly` depends on the editor. */
type Described<Field> = Field extends FormField ? Omit<Field, 'readOnly'> : never;

export interface DescribedField {
  /** `meta({ editable })`. */
  readonly editable: unknown;
  /** undefined: a form has no input for this type. */
  readonly field: Described<FormField> | undefined;
}

/** Describes an attribute by its schema. Never throws: a schema that is not of zod 4 is neither editable nor shown in a form. */
export function describeField(key: string, schema: Schema): DescribedField {
  const described = jsonSchemaOf(schema);
  if (!described) return { editable: undefined, field: undefined };
  const { editable, title = null, description = null } = described;
  const kind = kindOf(described);
  return { editable, field: kind && { key, title, description, ...defaultOf(schema, kind.kind), ...kind } };
}

/** Whether the schema accepts this empty value as it is. Custom refinements may throw. */
export function acceptsEmpty(schema: Schema, value: '' | null): boolean {
  try {
    const outcome = schema.safeParse(value);
    return outcome.success && outcome.data === value;
  } catch {
    return false;
  }
}

function defaultOf(schema: Schema, kind: FormField['kind']): Pick<FieldBase, 'default' | 'required'> {
  const unset = schema.safeParse(undefined);
  const value = unset.success ? unset.data : undefined;
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const canBeEmpty = acceptsEmpty(schema, null) || (kind === 'text' && acceptsEmpty(schema, ''));
  return { default: isScalar ? value : null, required: isScalar && !canBeEmpty };
}

/** What the schema accepts, without `null`. */
function jsonSchemaOf(schema: Schema): JsonSchema | undefined {
  if (!('_zod' in schema)) return undefined;
  let described: JsonSchema;
  try {
    described = z.toJSONSchema(schema as unknown as z.ZodType, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  } catch {
    return undefined;
  }
  const { type, anyOf } = described;
  if (Array.isArray(type)) return { ...described, type: type.find((name) => name !== 'null') as unknown };
  const branches = anyOf?.filter((branch) => branch.type !== 'null');
  const [only] = branches ?? [];
  return only && branches?.length === 1 ? { ...only, ...described, ...(only.anyOf && { anyOf: only.anyOf }) } : described;
}

function kindOf(schema: JsonSchema): FieldKind | undefined {
  const options = optionsOf(schema);
  if (options) return options.length > 0 ? { kind: 'choice', options } : undefined;
  if (schema.type === 'boolean') return { kind: 'boolean' };
  if (schema.type === 'string') return schema.format === 'date' ? { kind: 'date' } : textOf(schema);
  if (schema.type === 'number' || schema.type === 'integer') return numberOf(schema, schema.type === 'integer');
  return undefined;
}

/** The values of an enum, of literals, or of a union of literals; undefined for other types. */
function optionsOf(schema: JsonSchema): ChoiceField['options'] | undefined {
  const { anyOf } = schema;
  const single = (value: unknown, label: string | null) =>
    typeof value === 'string' || typeof value === 'number' ? [{ value, label }] : [];
  if (schema.enum) return schema.enum.flatMap((value) => single(value, null));
  if (schema.const !== undefined) return single(schema.const, null);
  const literals = anyOf?.filter(({ type }) => type !== 'null') ?? [];
  if (literals.length < 2 || !literals.every((literal) => literal.const !== undefined)) return undefined;
  return literals.flatMap((literal) => single(literal.const, literal.title ?? null));
}

function textOf({ format, multiline, minLength, maxLength }: JsonSchema): FieldKind {
  const known = format === 'email' ? 'email' : format === 'uri' ? 'url' : 'plain';
  return { kind: 'text', format: known, multiline: multiline === true, minLength: minLength ?? null, maxLength: maxLength ?? null };
}

function numberOf(schema: JsonSchema, integer: boolean): FieldKind {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const min = minimum ?? (integer && exclusiveMinimum !== undefined ? Math.floor(exclusiveMinimum) + 1 : null);
  const max = maximum ?? (integer && exclusiveMaximum !== undefined ? Math.ceil(exclusiveMaximum) - 1 : null);
  // zod gives every integer the limits of exact numbers.
  return { kind: 'number', integer, min: min === Number.MIN_SAFE_INTEGER ? null : min, max: max === Number.MAX_SAFE_INTEGER ? null : max };
}
