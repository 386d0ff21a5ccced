import type { Translation } from '../../i18n/translation.ts';
import type { navigation as source } from '../en/navigation.ts';

export const navigation: Translation<typeof source> = {
  label: 'Hauptmenü',
  preferences: 'Einstellungen',
  shortcuts: 'Tastenkürzel',
  pages: {
    dashboard: 'Übersicht',
    profile: 'Profil',
    sessions: 'Sitzungen',
    accounts: 'Benutzer',
    allSessions: 'Alle Sitzungen',
    admin: 'Verwaltung',
    audit: 'Protokoll',
  },
};
