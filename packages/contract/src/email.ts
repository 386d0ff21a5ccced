import { z } from './z.ts';
import { FIELD_MESSAGES } from './field-messages.ts';
import { passwordSchema } from './password.ts';

/** Internationalized domains must be in their ASCII form (xn--…). */
export const emailSchema = z.string().trim().max(254, FIELD_MESSAGES.EMAIL_TOO_LONG).pipe(z.email(FIELD_MESSAGES.EMAIL_INVALID));

export const emailChangeInputSchema = z.object({
  email: emailSchema,
  /** Always required, even right after sign-in: whoever controls the address of an account can often take it over. */
  currentPassword: passwordSchema,
});
export type EmailChangeInput = z.infer<typeof emailChangeInputSchema>;
