import { z } from './z.ts';
import { displayNameProblem } from './display-name.ts';
import { fieldEditsSchema } from './editable-fields.ts';
import { FIELD_MESSAGES } from './field-messages.ts';

export const profileInputSchema = z.object({
  /** Display name: one line of visible text. */
  name: z
    .string()
    .trim()
    .min(1, FIELD_MESSAGES.NAME_REQUIRED)
    .max(100, FIELD_MESSAGES.NAME_TOO_LONG)
    .superRefine((name, context) => {
      // `min` reports an empty name.
      const message = name === '' ? undefined : displayNameProblem(name);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
});
export type ProfileInput = z.infer<typeof profileInputSchema>;

/** For `account.updateProfile`. What is left out stays as it is. */
export const profileUpdateInputSchema = profileInputSchema.partial().extend({
  /** The app's own fields that the owner may edit: see `editableFields`. */
  attributes: fieldEditsSchema.optional(),
});
export type ProfileUpdateInput = z.infer<typeof profileUpdateInputSchema>;
