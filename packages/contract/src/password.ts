import { z } from './z.ts';
import { FIELD_MESSAGES } from './field-messages.ts';

/**
 * Maximum length of a password, in UTF-8 bytes. Longer input is refused before hashing, because hashing a megabyte is a
 * denial of service (Django CVE-2013-1443).
 */
export const MAX_PASSWORD_BYTES = 1024;

const utf8 = new TextEncoder();

/** A password exactly as typed: no composition rules, no trimming (ASVS 6.2.5, 6.2.8). */
export const passwordSchema = z
  .string()
  .min(1, FIELD_MESSAGES.PASSWORD_REQUIRED)
  // UTF-8 has at least one byte per UTF-16 unit, so the length check spares encoding megabytes.
  .refine((text) => text.length <= MAX_PASSWORD_BYTES && utf8.encode(text).length <= MAX_PASSWORD_BYTES, FIELD_MESSAGES.PASSWORD_TOO_LONG)
  // Some hashes and encodings drop NUL and lone surrogates, so two different passwords could match.
  .refine((text) => !text.includes('\0') && text.isWellFormed(), FIELD_MESSAGES.PASSWORD_CHARACTERS);

export const reauthenticateInputSchema = z.object({ password: passwordSchema });
export type ReauthenticateInput = z.infer<typeof reauthenticateInputSchema>;

export const passwordChangeInputSchema = z
  .object({
    /** Always required, even right after sign-in (ASVS 6.2.3). */
    currentPassword: passwordSchema,
    newPassword: passwordSchema,
  })
  // Compared after NFC, as for sign-in. An unchanged password would end all other sessions without any benefit.
  .refine(({ currentPassword, newPassword }) => currentPassword.normalize('NFC') !== newPassword.normalize('NFC'), {
    path: ['newPassword'],
    message: FIELD_MESSAGES.PASSWORD_UNCHANGED,
  });
export type PasswordChangeInput = z.infer<typeof passwordChangeInputSchema>;
