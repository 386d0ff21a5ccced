import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useTranslations } from 'use-intl/react';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import classes from './users.module.css';

interface TemporaryPasswordDialogProps {
  readonly title: string;
  readonly username: string;
  readonly password: string;
  /** Sessions that this ended, if it is said. */
  readonly ended?: number;
  readonly onClose: () => void;
}

/** Shows a temporary password, once. It is nowhere else: neither in the URL nor in a cache. */
export function TemporaryPasswordDialog({ title, username, password, ended, onClose }: TemporaryPasswordDialogProps) {
  const t = useTranslations('users.password');
  const clipboard = useClipboard({ timeout: 10_000 });
  return (
    <Dialog title={title} onCancel={onClose}>
      <p>
        {t.rich('signInAs', {
          username,
          b: (chunks) => (
            <b>
              <bdi>{chunks}</bdi>
            </b>
          ),
        })}{' '}
        {ended !== undefined && t('ended', { count: ended })}
      </p>
      <div className={classes.secret}>
        <span>{t('label')}</span>
        <output aria-label={t('label')} className={classes.password}>
          {password}
        </output>
        <Button variant="default" onClick={() => clipboard.copy(password)}>
          {clipboard.copied ? t('copied') : t('copy')}
        </Button>
        <output>{clipboard.error && t('copyFailed')}</output>
      </div>
      <p>{t('once')}</p>
      <DialogActions onCancel={onClose} cancelLabel={t('done')} />
    </Dialog>
  );
}
