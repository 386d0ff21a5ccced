import type { Translation } from '../../i18n/translation.ts';
import type { dashboard as source } from '../en/dashboard.ts';

export const dashboard: Translation<typeof source> = {
  title: 'Übersicht',
  welcome: 'Willkommen',
  welcomeName: 'Willkommen, {name}',
  lead: 'Ihr Konto, diese Sitzung und Ihre letzte Aktivität.',
};
