/** The help sheet of keyboard shortcuts. */
export const shortcuts = {
  title: 'Keyboard shortcuts',
  general: 'General',
  pages: 'Pages',
  showHelp: 'Show keyboard shortcuts',
  openPage: 'Open “{page}”',
  singleKeys: 'Shortcuts of a single key',
  singleKeysHint: 'Switch them off if you use speech input.',
  close: 'Close',
} as const;
