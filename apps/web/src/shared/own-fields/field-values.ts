import type { FieldEdits, FormField, UserAttributes } from '@gatehouse/contract';

/** The values of inputs, by the key of the field. */
export type FieldValues = Record<string, string | boolean>;

/** The fields that the viewer may change, for `select` of a query. */
export const editable = (fields: readonly FormField[]): readonly FormField[] => fields.filter(({ readOnly }) => !readOnly);

/** What the inputs show for these attributes. */
export const fieldValues = (fields: readonly FormField[], attributes: UserAttributes): FieldValues =>
  Object.fromEntries(fields.map((field) => [field.key, inputValue(field, (attributes as Record<string, unknown>)[field.key])]));

function inputValue({ kind }: FormField, value: unknown): string | boolean {
  if (kind === 'boolean') return value === true;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The attributes of an account for which none are stored. */
export const defaultsOf = (fields: readonly FormField[]): UserAttributes =>
  Object.fromEntries(fields.flatMap(({ key, default: value }) => (value === null ? [] : [[key, value]])));

/** Only the fields that differ from the attributes: somebody else may change the others at the same time. */
export function changedFields(fields: readonly FormField[], values: FieldValues, attributes: UserAttributes): FieldEdits {
  const before = fieldValues(fields, attributes);
  return Object.fromEntries(
    fields.filter(({ key }) => values[key] !== before[key]).map((field) => [field.key, attributeValue(field, values[field.key])]),
  );
}

/** The attribute for what was entered; null for nothing. */
function attributeValue(field: FormField, value: string | boolean | undefined): FieldEdits[string] {
  if (typeof value === 'boolean') return value;
  if (value === undefined || value.trim() === '') return null;
  if (field.kind === 'number') return parseNumber(value);
  if (field.kind === 'choice') return field.options.find((option) => String(option.value) === value)?.value ?? value;
  return value;
}

/** With a point or, as in German, a comma. NaN: this is not a number. */
export const parseNumber = (text: string): number => (/^\s*[-+]?\d/.test(text) ? Number(text.replace(',', '.')) : Number.NaN);
