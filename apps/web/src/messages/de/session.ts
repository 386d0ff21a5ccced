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
};
