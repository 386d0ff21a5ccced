import type { Translation } from '../../i18n/translation.ts';
import type { shell as source } from '../en/shell.ts';

export const shell: Translation<typeof source> = {
  appName: 'Gatehouse',
  homeLink: 'Gatehouse – Startseite',
  documentTitle: '{title} · Gatehouse',
  skipToContent: 'Zum Inhalt springen',
  signOut: 'Abmelden',
  signOutFailed: 'Sie sind möglicherweise noch angemeldet',
  loading: 'Wird geladen',
  language: 'Sprache',
  languageFailed: 'Diese Sprache konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es erneut.',
  appearance: 'Darstellung',
  light: 'Hell',
  dark: 'Dunkel',
  system: 'System',
  offline: 'Sie sind offline. Diese Seite ist vielleicht nicht aktuell, bis die Verbindung wieder steht.',
  serverUnavailable: 'Gatehouse antwortet nicht. Dadurch wird niemand abgemeldet.',
  goHome: 'Zur Startseite',
  tryAgain: 'Erneut versuchen',
  notFound: {
    title: 'Seite nicht gefunden',
    lead: 'Prüfen Sie die Adresse oder gehen Sie zur Startseite zurück.',
  },
  error: {
    title: 'Es ist ein Fehler aufgetreten',
    kicker: 'Fehler',
    heading: 'Diese Seite kann nicht angezeigt werden',
    connectionKicker: 'Verbindungsproblem',
    unreachable: 'Gatehouse ist nicht erreichbar',
    notSignedOut: '{message} Sie werden dadurch nicht abgemeldet.',
    notLoaded: 'Diese Seite konnte nicht geladen werden',
    checkConnection: 'Prüfen Sie die Verbindung und versuchen Sie es erneut.',
  },
  forbidden: {
    title: 'Kein Zugriff',
    heading: 'Sie haben keinen Zugriff auf diese Seite',
    lead: 'Nur Administratoren können sie öffnen. Wenn Sie Zugriff brauchen, bitten Sie einen Administrator, Ihre Rolle zu ändern.',
  },
};
