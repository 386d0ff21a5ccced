import { z } from './z.ts';
import { FIELD_MESSAGES } from './field-messages.ts';
import { acceptsEmpty, describeField, type FormField } from './form-field.ts';
import type { AttributeChanges, AttributesSchema } from './user-attributes.ts';

/** Who edits an account: its owner, or an administrator. */
export type FieldEditor = 'owner' | 'admin';

const MAX_EDITS = 100;

/** New values by the name of the attribute; null empties a field. */
export const fieldEditsSchema = z
  .record(z.string().max(100), z.union([z.string().max(8192), z.number(), z.boolean(), z.null()]))
  .refine((edits) => Object.keys(edits).length <= MAX_EDITS, `Change at most ${MAX_EDITS} fields at once.`);
export type FieldEdits = z.infer<typeof fieldEditsSchema>;

export type CheckedEdits =
  | { readonly ok: true; readonly changes: AttributeChanges }
  /** Messages by path: `{ 'attributes.department': ['…'] }`. */
  | { readonly ok: false; readonly problems: Record<string, string[]> };

export interface EditableFields {
  /** The fields that a form can show, in the order of the schema; `readOnly` for those that this editor may not change. */
  describe(editor: FieldEditor): readonly FormField[];
  /** Refuses every field that this editor may not change, by name. The values are checked when they are stored, by `accounts.updateProfile`. */
  check(editor: FieldEditor, edits: FieldEdits): CheckedEdits;
}

/** A name that is also a path in a form and in the messages of a refusal. */
const FIELD_NAME = /^[A-Za-z_][\w-]*$/;

/**
 * The attributes that forms may change: those that the schema marks with `meta({ editable: true })` for the owner and administrators, or
 * with `meta({ editable: 'admin' })` for administrators only.
 * @throws TypeError if a mark is unknown, or if a form cannot edit the marked field.
 */
export function editableFields(schema: AttributesSchema): EditableFields {
  const all = Object.entries(schema.shape).flatMap(([key, type]) => {
    const problem = editableFieldProblem(key, type);
    if (problem) throw new TypeError(`The user attribute ${key} ${problem.problem} ${problem.fix}`);
    const { editable, field } = describeField(key, type);
    return field ? [{ type, field, editable }] : [];
  });
  const mayEdit = (editor: FieldEditor, editable: unknown): boolean => editable === true || (editable === 'admin' && editor === 'admin');

  return {
    describe: (editor) => all.map(({ field, editable }) => ({ ...field, readOnly: !mayEdit(editor, editable) })),
    check(editor, edits) {
      const fields = new Map(all.filter(({ editable }) => mayEdit(editor, editable)).map((one) => [one.field.key, one]));
      const problems: Record<string, string[]> = {};
      const changes: Record<string, unknown> = {};
      for (const [key, value] of Object.entries(edits)) {
        const known = fields.get(key);
        if (!known) problems[`attributes.${key}`] = [FIELD_MESSAGES.FIELD_NOT_EDITABLE];
        else if (value !== null || acceptsEmpty(known.type, null)) changes[key] = value;
        else if (known.field.required) problems[`attributes.${key}`] = [FIELD_MESSAGES.FIELD_REQUIRED];
        else changes[key] = emptyValue(known.type);
      }
      return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, changes };
    },
  };
}

/** Removes the field, unless it would then get a default that is not empty. */
const emptyValue = (type: AttributesSchema['shape'][string]): unknown => {
  const unset = type.safeParse(undefined);
  return unset.success && unset.data !== undefined ? '' : undefined;
};

/** Why a form could not edit a field that is marked as editable; undefined if it can, or if the field has no mark. */
export function editableFieldProblem(
  key: string,
  type: AttributesSchema['shape'][string],
): { readonly problem: string; readonly fix: string } | undefined {
  const { editable, field } = describeField(key, type);
  if (editable === undefined || editable === false) return undefined;
  if (editable !== true && editable !== 'admin')
    return { problem: 'has an unknown mark `editable`.', fix: "Write editable: true, or 'admin' for administrators only." };
  if (!field)
    return {
      problem: 'is editable, but forms have no input for its type.',
      fix: 'Use text, a number, a boolean, an enum or z.iso.date().',
    };
  if (!FIELD_NAME.test(key))
    return {
      problem: 'is editable, but has a name that forms cannot use.',
      fix: 'Use letters a to z, digits, _ and -, beginning with a letter.',
    };
  return undefined;
}
