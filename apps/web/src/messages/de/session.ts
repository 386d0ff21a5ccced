import type { Translation } from '../../i18n/translation.ts';
import type { session as source } from '../en/session.ts';

export const session: Translation<typeof source> = {
  card: {
    title: 'Diese Sitzung',
    loading: 'Ihre Sitzung wird geladen',
    expires: 'Läuft <b><when></when></b> ab',
    expired: 'Abgelaufen <b><when></when></b>',
    exact: '<at></at>.',
    exactLater: '<at></at>; später, wenn Sie aktiv bleiben.',
    exactSooner: '<at></at>; früher, wenn Sie den Browser schließen.',
    exactBoth: '<at></at>; später, wenn Sie aktiv bleiben; früher, wenn Sie den Browser schließen.',
    signedIn: 'Angemeldet',
    lastActivity: 'Letzte Aktivität',
    endsAtLatest: 'Endet spätestens',
    ended: 'Beendet',
    handle: 'Kennung',
    handleNote: 'Steht für diese Sitzung in Listen und Protokollen.',
  },
  expiry: {
    title: 'Sind Sie noch da?',
    text: 'Nach Ablauf der Zeit werden Sie abgemeldet, weil diese Seite länger nicht benutzt wurde. Das gilt auch für andere Tabs dieses Browsers.',
    finalTitle: 'Ihre Sitzung endet gleich',
    finalText: 'Sie kann nicht verlängert werden. Speichern Sie jetzt Ihre Arbeit, und melden Sie sich danach neu an.',
    stay: 'Angemeldet bleiben',
    continue: 'Bis dahin weiterarbeiten',
    extended: 'Sie sind weiterhin angemeldet.',
    notExtended: 'Ihre Sitzung konnte nicht verlängert werden',
    ends: 'Ihre Sitzung endet in',
    spokenMinutes: 'Ihre Sitzung endet in {minutes, plural, one {# Minute} other {# Minuten}}.',
    spokenSeconds: 'Ihre Sitzung endet in {seconds, plural, one {# Sekunde} other {# Sekunden}}.',
  },
};
