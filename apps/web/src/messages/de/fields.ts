import type { Translation } from '../../i18n/translation.ts';
import type { fields as source } from '../en/fields.ts';

export const fields: Translation<typeof source> = {
  IDENTIFIER_REQUIRED: 'Geben Sie einen Benutzernamen oder eine E-Mail-Adresse ein.',
  OWN_IDENTIFIER_REQUIRED: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.',
  IDENTIFIER_TOO_LONG: 'Das ist zu lang für einen Benutzernamen oder eine E-Mail-Adresse.',
  PASSWORD_REQUIRED: 'Geben Sie Ihr Passwort ein.',
  PASSWORD_TOO_LONG: 'Ein Passwort darf höchstens 1024 Byte lang sein.',
  PASSWORD_CHARACTERS: 'Dieses Passwort enthält Zeichen, die nicht unterstützt werden.',
  PASSWORD_UNCHANGED: 'Das neue Passwort muss sich vom aktuellen unterscheiden.',
  PASSWORD_TOO_SHORT: 'Verwenden Sie mindestens 8 Zeichen.',
  PASSWORD_COMMON: 'Dieses Passwort ist eines der häufigsten und leicht zu erraten. Wählen Sie ein anderes.',
  PASSWORD_CONTAINS_OWNER: 'Das Passwort darf weder Ihren Namen noch Ihren Benutzernamen oder Ihre E-Mail-Adresse enthalten.',
  NAME_REQUIRED: 'Geben Sie einen Namen ein.',
  NAME_TOO_LONG: 'Ein Name darf höchstens 100 Zeichen lang sein.',
  NAME_CONTROL_CHARACTERS: 'Ein Name darf keine Steuerzeichen enthalten.',
  NAME_INVISIBLE: 'Ein Name braucht mindestens ein sichtbares Zeichen.',
  NAME_INVISIBLE_CHARACTERS:
    'Ein Name darf keine unsichtbaren Zeichen enthalten. Kopierter Text enthält sie oft: Tippen Sie den Namen ein, statt ihn einzufügen.',
  NAME_LONE_MARK: 'Ein Name darf keinen Akzent und kein anderes kombinierendes Zeichen ohne einen Buchstaben davor enthalten.',
  USERNAME_TOO_SHORT: 'Ein Benutzername braucht mindestens 3 Zeichen.',
  USERNAME_TOO_LONG: 'Ein Benutzername darf höchstens 32 Zeichen lang sein.',
  USERNAME_CHARACTERS: 'Verwenden Sie die Buchstaben a bis z, Ziffern und dazwischen . _ -.',
  USERNAME_TAKEN: 'Dieser Benutzername ist vergeben.',
  EMAIL_INVALID: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.',
  EMAIL_TOO_LONG: 'Eine E-Mail-Adresse darf höchstens 254 Zeichen lang sein.',
  FIELD_REQUIRED: 'Geben Sie einen Wert ein.',
  FIELD_NOT_EDITABLE: 'Dieses Feld kann hier nicht geändert werden. Laden Sie die Seite neu, um zu sehen, welche Felder das können.',
  EMAIL_TAKEN: 'Es gibt schon ein Konto mit dieser E-Mail-Adresse.',
};
