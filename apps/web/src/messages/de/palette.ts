import type { Translation } from '../../i18n/translation.ts';
import type { palette as source } from '../en/palette.ts';

export const palette: Translation<typeof source> = {
  title: 'Befehle und Suche',
  open: 'Suche und Befehle',
  openShortcut: 'Suche und Befehle öffnen',
  focusSearch: 'Auf dieser Seite suchen',
  placeholder: 'Wohin, oder was tun?',
  placeholderAdmin: 'Seite, Aktion oder Benutzer eingeben',
  results: 'Ergebnisse',
  nothing: 'Nichts gefunden für „{query}“.',
  searching: 'Benutzer werden gesucht …',
  searchFailed: 'Benutzer konnten nicht gesucht werden.',
  found: '{count, plural, =0 {Keine Ergebnisse} one {# Ergebnis} other {# Ergebnisse}}',
  groups: { pages: 'Gehe zu', users: 'Benutzer', actions: 'Aktionen', search: 'Suche' },
  users: 'Benutzer nach „{query}“ durchsuchen',
  sessions: 'Alle Sitzungen nach „{query}“ durchsuchen',
  useTheme: '{theme, select, light {Darstellung: hell} dark {Darstellung: dunkel} other {Darstellung: wie das System}}',
  useLanguage: 'Sprache: {language}',
  hint: '<k>↑</k> <k>↓</k> zum Wählen, <k>Enter</k> zum Öffnen, <k>Esc</k> zum Schließen',
};
