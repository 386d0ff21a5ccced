import { z } from 'zod';
import { displayNameProblem } from './display-name.ts';

export const profileInputSchema = z.object({
  /** Display name: one line of visible text. */
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name.')
    .max(100, 'A name can have at most 100 characters.')
    .superRefine((name, context) => {
      // `min` reports an empty name.
      const message = name === '' ? undefined : displayNameProblem(name);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
});
export type ProfileInput = z.infer<typeof profileInputSchema>;
