import { z } from 'zod';
import { basePathOf, publicUrlSchema } from './public-url.ts';
import { refuse } from './problem.ts';

/** Origins as in the `Origin` header, compared exactly. No wildcards, because they would let pages of others send the cookie. */
export const trustedOriginsSchema = z.string().transform((text, ctx): readonly string[] => {
  if (text.toLowerCase() === 'none') return [];
  return text.split(',').map((entry) => {
    const read = publicUrlSchema.safeParse(entry.trim());
    if (read.success && basePathOf(read.data) === '') return read.data.origin;
    return refuse(
      ctx,
      'must be origins separated by commas, each with a scheme and without a path. Wildcards and null are not allowed.',
      'Write https://admin.example, or remove it.',
    );
  });
});
