import { z } from './z.ts';
import { FIELD_MESSAGES } from './field-messages.ts';
import { passwordSchema } from './password.ts';

const identifierSchema = (missing: string) => z.string().trim().min(1, missing).max(254, FIELD_MESSAGES.IDENTIFIER_TOO_LONG);

export const identifierInputSchema = z.object({ identifier: identifierSchema(FIELD_MESSAGES.IDENTIFIER_REQUIRED) });

export const loginInputSchema = z.object({
  /** User name or e-mail address. */
  identifier: identifierSchema(FIELD_MESSAGES.OWN_IDENTIFIER_REQUIRED),
  password: passwordSchema,
  /** Stay signed in after the browser closes. @default the opposite of `SESSION_EXPIRE_AT_BROWSER_CLOSE` */
  remember: z.boolean().optional(),
});
export type LoginInput = z.infer<typeof loginInputSchema>;

/** The authentication method in the audit trail: `password`, `passkey`, `magic-link`, `oidc:google`. */
export const signInMethodSchema = z.string().regex(/^[a-z][a-z0-9._:-]{0,31}$/, 'This is not a valid name for a sign-in method.');
