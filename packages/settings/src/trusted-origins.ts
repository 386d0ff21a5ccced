import { z } from 'zod';
import { originForm } from './public-url.ts';
import { refuse } from './problem.ts';

/** Origins as browsers write them in `Origin`, compared exactly. No wildcards: each would be someone else's page with our cookie. */
export const trustedOriginsForm = z.string().transform((text, ctx): readonly string[] => {
  if (text.toLowerCase() === 'none') return [];
  return text.split(',').map((entry) => {
    const read = originForm.safeParse(entry.trim());
    if (read.success) return read.data.origin;
    return refuse(
      ctx,
      'must be origins separated by commas, each with its scheme and without a path; wildcards and null are not taken.',
      'Write https://admin.example, or leave it out.',
    );
  });
});
