import { z } from 'zod';

/** Line breaks of any kind, and the marks that turn the reading direction: with them a name rewrites what is shown around it (UTS #55). */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

export const profileInputSchema = z.object({
  /** As shown to others; one line of visible text. */
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name.')
    .max(100, 'A name has at most 100 characters.')
    .refine((text) => text.isWellFormed() && !CONTROLS.test(text), 'A name has no control characters.')
    // After the rule before: an empty text has its own message.
    .refine((text) => text === '' || /[^\p{Default_Ignorable_Code_Point}\p{Z}]/u.test(text), 'A name has a letter that can be seen.'),
});
export type ProfileInput = z.infer<typeof profileInputSchema>;
