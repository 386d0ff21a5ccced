import type { Translation } from '../../i18n/translation.ts';
import type { accounts as source } from '../en/accounts.ts';

export const accounts: Translation<typeof source> = {
  roles: { user: 'Benutzer', admin: 'Administrator' },
  statuses: { active: 'Aktiv', suspended: 'Gesperrt' },
};
