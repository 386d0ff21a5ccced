import { refuse } from '@gatehouse/api';
import type { AttributeChanges, EditableFields, FieldEditor, FieldEdits } from '@gatehouse/contract';

interface Edited<Rest> {
  /** For the accounts; without `attributes` if the input has none. */
  readonly changes: Rest & { readonly attributes?: AttributeChanges };
  /** What the input sets, for the log: `name`, `attributes.department`. */
  readonly fields: string[];
}

/** Input of a form as changes of an account. @throws INVALID_INPUT if it has a field that the editor may not change */
export function checkedEdits<Input extends { attributes?: FieldEdits | undefined; name?: string | undefined }>(
  editable: EditableFields,
  editor: FieldEditor,
  { attributes, ...rest }: Input,
): Edited<Omit<Input, 'attributes'>> {
  const named = rest.name === undefined ? [] : ['name'];
  if (attributes === undefined) return { changes: rest, fields: named };
  const edits = editable.check(editor, attributes);
  if (!edits.ok) throw refuse('INVALID_INPUT', { fields: edits.problems });
  return {
    changes: { ...rest, attributes: edits.changes },
    fields: [...named, ...Object.keys(attributes).map((key) => `attributes.${key}`)],
  };
}
