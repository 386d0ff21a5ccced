import { z } from 'zod';

/**
 * Most bytes of a password, in UTF-8. Longer ones are refused before hashing, so that a megabyte costs
 * microseconds (Django CVE-2013-1443).
 */
export const MAX_PASSWORD_BYTES = 1024;

const utf8 = new TextEncoder();

/** A password as typed; no composition rules, no trimming (ASVS 6.2.5, 6.2.8). */
const passwordSchema = z
  .string()
  .min(1, 'Enter your password.')
  // UTF-8 has at least a byte a UTF-16 unit: the cheap check first, so that megabytes are never encoded.
  .refine(
    (text) => text.length <= MAX_PASSWORD_BYTES && utf8.encode(text).length <= MAX_PASSWORD_BYTES,
    `A password has at most ${MAX_PASSWORD_BYTES} bytes.`,
  )
  // A NUL or a lone surrogate does not survive every hash or encoding, so two passwords could become one.
  .refine((text) => !text.includes('\0') && text.isWellFormed(), 'This password has characters that cannot be used.');

export const loginInputSchema = z.object({
  /** User name or e-mail address. */
  identifier: z
    .string()
    .trim()
    .min(1, 'Enter your user name or e-mail address.')
    .max(254, 'This is too long for a user name or an e-mail address.'),
  password: passwordSchema,
  /** true: stay signed in after the browser closes. false: until it closes. Left out: as `SESSION_EXPIRE_AT_BROWSER_CLOSE` says. */
  remember: z.boolean().optional(),
});
export type LoginInput = z.infer<typeof loginInputSchema>;
