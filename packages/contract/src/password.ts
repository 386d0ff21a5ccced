import { z } from 'zod';

/**
 * Most bytes of a password, in UTF-8. Longer ones are refused before hashing, so that a megabyte costs
 * microseconds (Django CVE-2013-1443).
 */
export const MAX_PASSWORD_BYTES = 1024;

const utf8 = new TextEncoder();

/** A password as typed; no composition rules, no trimming (ASVS 6.2.5, 6.2.8). */
export const passwordSchema = z
  .string()
  .min(1, 'Enter your password.')
  // UTF-8 has at least a byte a UTF-16 unit: the cheap check first, so that megabytes are never encoded.
  .refine(
    (text) => text.length <= MAX_PASSWORD_BYTES && utf8.encode(text).length <= MAX_PASSWORD_BYTES,
    `A password has at most ${MAX_PASSWORD_BYTES} bytes.`,
  )
  // A NUL or a lone surrogate does not survive every hash or encoding, so two passwords could become one.
  .refine((text) => !text.includes('\0') && text.isWellFormed(), 'This password has characters that cannot be used.');

export const reauthenticateInputSchema = z.object({ password: passwordSchema });
export type ReauthenticateInput = z.infer<typeof reauthenticateInputSchema>;

export const passwordChangeInputSchema = z
  .object({
    /** Asked for every time, however fresh the session is (ASVS 6.2.3). */
    currentPassword: passwordSchema,
    newPassword: passwordSchema,
  })
  // As passwords are compared: after NFC. "Changing" it to what it is would end every other session and protect from nothing.
  .refine(({ currentPassword, newPassword }) => currentPassword.normalize('NFC') !== newPassword.normalize('NFC'), {
    path: ['newPassword'],
    message: 'This is the same as the current one. Choose another.',
  });
export type PasswordChangeInput = z.infer<typeof passwordChangeInputSchema>;
