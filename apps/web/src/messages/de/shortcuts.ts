import type { Translation } from '../../i18n/translation.ts';
import type { shortcuts as source } from '../en/shortcuts.ts';

export const shortcuts: Translation<typeof source> = {
  title: 'Tastenkürzel',
  general: 'Allgemein',
  pages: 'Seiten',
  showHelp: 'Tastenkürzel anzeigen',
  openPage: '„{page}“ öffnen',
  singleKeys: 'Kürzel aus einer einzelnen Taste',
  singleKeysHint: 'Schalten Sie sie aus, wenn Sie Spracheingabe verwenden.',
  close: 'Schließen',
};
