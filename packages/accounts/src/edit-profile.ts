import type { AttributeChanges, AttributesSchema, SessionUser } from '@gatehouse/contract';
import { changeAttributes } from './attributes.ts';

/** What is left out stays as it is. */
export interface ProfileChanges {
  readonly name?: string | undefined;
  /** Your own fields: see `updateAttributes`. */
  readonly attributes?: AttributeChanges | undefined;
}

interface ProfileEdit {
  /** The columns to write. */
  readonly data: { readonly name?: string; readonly attributes?: string };
  /** The names of what changes, for the audit trail: `name`, `attributes.department`. */
  readonly fields: string[];
}

/** Compares a valid name and new attributes with the locked account. @throws UserAttributesError */
export function editProfile(before: SessionUser, { name, attributes }: ProfileChanges, schema: AttributesSchema): ProfileEdit {
  const isRenamed = name !== undefined && name !== before.name;
  const update = attributes === undefined ? undefined : changeAttributes(before.attributes, attributes, schema);
  const changed = update?.changed ?? [];
  return {
    data: { ...(isRenamed && { name }), ...(update && changed.length > 0 && { attributes: update.text }) },
    fields: [...(isRenamed ? ['name'] : []), ...changed.map((field) => `attributes.${field}`)],
  };
}
