import { Checkbox } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl/react';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import { shortcuts } from '../../shared/shortcuts/shortcut-store.ts';
import { singleKeysAreOff, switchSingleKeys } from '../../shared/shortcuts/single-keys.ts';
import { displayKeys } from '../../shared/shortcuts/use-shortcuts.ts';
import classes from './shortcut-help.module.css';

/** All shortcuts of this page, by group. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('shortcuts');
  const all = useSyncExternalStore(shortcuts.subscribe, shortcuts.all);
  const [singleKeys, setSingleKeys] = useState(() => !singleKeysAreOff());
  const groups = Map.groupBy(all, ({ group }) => group);
  return (
    <Dialog title={t('title')} onCancel={onClose}>
      {[...groups].map(([group, list]) => (
        <section key={group} aria-label={group} className={classes.group}>
          <h3>{group}</h3>
          <dl className={classes.list}>
            {list.map(({ keys, label }) => (
              <div key={keys} className={classes.row}>
                <dt>{label}</dt>
                <dd>
                  {displayKeys(keys).map((key, index) => (
                    // oxlint-disable-next-line react/no-array-index-key -- a sequence may repeat a key
                    <kbd key={index} className={classes.key}>
                      {key}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <Checkbox
        label={t('singleKeys')}
        description={t('singleKeysHint')}
        iconColor="var(--mantine-primary-color-contrast)"
        checked={singleKeys}
        onChange={({ currentTarget }) => {
          setSingleKeys(currentTarget.checked);
          switchSingleKeys(currentTarget.checked);
        }}
      />
      <DialogActions onCancel={onClose} cancelLabel={t('close')} />
    </Dialog>
  );
}
