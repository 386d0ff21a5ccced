import { z } from 'zod';
import { displayNameProblem } from './display-name.ts';
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
