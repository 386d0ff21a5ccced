import type { Translation } from '../../i18n/translation.ts';
import type { activity as source } from '../en/activity.ts';

export const activity: Translation<typeof source> = {
  title: 'Letzte Aktivität',
  loading: 'Ihre Aktivität wird geladen',
  failed: 'Ihre Aktivität konnte nicht geladen werden.',
  empty: 'Noch keine Aktivität. Anmeldungen und Änderungen am Konto erscheinen hier.',
  tones: { danger: 'Waren Sie das?', notice: 'Wichtig' },
  kinds: {
    signed_in: 'Angemeldet',
    sign_in_failed: 'Anmeldung fehlgeschlagen',
    signed_out: 'Abgemeldet',
    session_expired: 'Sitzung abgelaufen',
    sessions_expired: 'Sitzungen abgelaufen',
    session_evicted: 'Sitzung beendet: Höchstzahl der Sitzungen erreicht',
    session_revoked: 'Sitzung aus der Ferne beendet',
    session_imported: 'Sitzung importiert',
    session_adopted: 'Sitzung aus der alten App übernommen',
    sessions_revoked: 'Sitzungen aus der Ferne beendet',
    password_confirmed: 'Passwort bestätigt',
    password_rejected: 'Falsches Passwort eingegeben',
    password_changed: 'Passwort geändert',
    profile_changed: 'Name geändert',
    role_changed: 'Rolle geändert',
    suspended: 'Konto gesperrt',
    reactivated: 'Konto wieder freigegeben',
    locked: 'Anmeldung gedrosselt: zu viele Fehlversuche',
    unlocked: 'Anmeldung entsperrt',
    user_created: 'Konto angelegt',
    user_imported: 'Konto importiert',
    user_deleted: 'Konto gelöscht',
  },
};
