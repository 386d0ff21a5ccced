import type { Translation } from '../../i18n/translation.ts';
import type { signIn as source } from '../en/sign-in.ts';

export const signIn: Translation<typeof source> = {
  title: 'Anmelden',
  identifier: 'Benutzername oder E-Mail',
  password: 'Passwort',
  showPassword: 'Passwort anzeigen',
  capsLock: 'Die Feststelltaste ist aktiv.',
  remember: 'Angemeldet bleiben',
  rememberHint: 'Nicht empfohlen auf gemeinsam genutzten Geräten.',
  submit: 'Anmelden',
};
