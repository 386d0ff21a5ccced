import { z } from 'zod';

export const profileInputSchema = z.object({
  /** As shown to others; one line of visible text. */
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name.')
    .max(100, 'A name has at most 100 characters.')
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'A name has no control characters.'),
});
export type ProfileInput = z.infer<typeof profileInputSchema>;
