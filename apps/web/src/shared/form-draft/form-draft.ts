import type { DraftValues } from './draft-store.ts';

/** How `useServerForm` tells `useFormDraft` of the form. Without imports, because the sign-in page uses that hook and has no router. */
export interface FormDraft {
  /** The form has these values. `restore` puts others into it. */
  readonly onValues: (values: DraftValues, state: { isDirty: boolean; restore: (values: DraftValues) => void }) => void;
  /** The server has accepted the values. */
  readonly onSaved: () => void;
}
