import type { Translation } from '../../i18n/translation.ts';
import type { reauthentication as source } from '../en/reauthentication.ts';

export const reauthentication: Translation<typeof source> = {
  title: 'Passwort bestätigen',
  why: 'Geben Sie zu Ihrer Sicherheit Ihr Passwort ein, um fortzufahren.',
  password: 'Passwort',
  submit: 'Weiter',
  notLoaded:
    'Die Passwortabfrage konnte nicht geladen werden. Es wurde nichts geändert. Prüfen Sie die Verbindung und versuchen Sie es erneut.',
};
