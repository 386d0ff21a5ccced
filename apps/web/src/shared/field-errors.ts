import { fieldErrors } from '@gatehouse/client';
import { fieldMessageCode } from '@gatehouse/contract';
import { translator } from '../i18n/translator.ts';

/** The first message of each field that the server refused, in the language of the page; empty if it refused no field. */
export const refusedFields = (error: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fieldErrors(error)).flatMap(([field, [first]]) => (first === undefined ? [] : [[field, translateFieldMessage(first)]])),
  );

/** Messages of an app's own fields are not ours to translate, so they stay as they are. */
export function translateFieldMessage(message: string): string {
  const code = fieldMessageCode(message);
  return code === undefined ? message : translator('fields')(code);
}
