import { z } from 'zod';
import { passwordSchema } from './password.ts';

const identifierSchema = (missing: string) =>
  z.string().trim().min(1, missing).max(254, 'This is too long for a user name or an e-mail address.');

/** Whose account? */
export const identifierInputSchema = z.object({ identifier: identifierSchema('Enter a user name or an e-mail address.') });

export const loginInputSchema = z.object({
  /** User name or e-mail address. */
  identifier: identifierSchema('Enter your user name or e-mail address.'),
  password: passwordSchema,
  /** true: stay signed in after the browser closes. false: until it closes. Left out: as `SESSION_EXPIRE_AT_BROWSER_CLOSE` says. */
  remember: z.boolean().optional(),
});
export type LoginInput = z.infer<typeof loginInputSchema>;

/** How a user was authenticated, as the audit trail names it: `password`, `passkey`, `magic-link`, `oidc:google`. */
export const signInMethodSchema = z.string().regex(/^[a-z][a-z0-9._:-]{0,31}$/, 'This is not a name for a way to sign in.');
