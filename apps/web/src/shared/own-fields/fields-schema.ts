import { FIELD_MESSAGES, type FormField, type NumberField, type TextField } from '@gatehouse/contract';
import { z } from 'zod';
import { translator } from '../../i18n/translator.ts';
import { parseNumber, type FieldValues } from './field-values.ts';

const EMAIL = z.email();

type Words = ReturnType<typeof translator<'ownFields'>>;

/**
 * Checks inputs by the description of their fields, with messages in the language of the page. The server checks them by the whole schema of
 * the app, whose own messages it shows as they are.
 */
export const fieldsSchema = (fields: readonly FormField[], words = () => translator('ownFields')): z.ZodType<FieldValues> =>
  z.record(z.string(), z.union([z.string(), z.boolean()])).superRefine((values, context) => {
    for (const field of fields) {
      const value = values[field.key];
      const message = typeof value === 'string' ? problemOf(field, value, words()) : undefined;
      if (message !== undefined) context.addIssue({ code: 'custom', path: [field.key], message });
    }
  });

function problemOf(field: FormField, text: string, t: Words): string | undefined {
  if (text.trim() === '') return field.required ? FIELD_MESSAGES.FIELD_REQUIRED : undefined;
  if (field.kind === 'text') return textProblem(field, text, t);
  if (field.kind === 'number') return numberProblem(field, parseNumber(text), t);
  return undefined;
}

/** The schema of the app may trim the text or not, so only what is wrong in both cases is a problem here. */
function textProblem({ format, minLength, maxLength }: TextField, text: string, t: Words): string | undefined {
  const trimmed = text.trim();
  if (minLength !== null && text.length < minLength) return t('tooShort', { min: minLength });
  if (maxLength !== null && trimmed.length > maxLength) return t('tooLong', { max: maxLength });
  if (format === 'email' && !EMAIL.safeParse(trimmed).success) return FIELD_MESSAGES.EMAIL_INVALID;
  if (format === 'url' && !URL.canParse(trimmed)) return t('noUrl');
  return undefined;
}

function numberProblem({ integer, min, max }: NumberField, number: number, t: Words): string | undefined {
  if (!Number.isFinite(number)) return t('noNumber');
  if (integer && !Number.isInteger(number)) return t('noInteger');
  if (min !== null && number < min) return t('tooSmall', { min });
  if (max !== null && number > max) return t('tooLarge', { max });
  return undefined;
}
