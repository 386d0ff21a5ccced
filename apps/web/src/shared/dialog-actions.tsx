import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialog.module.css';

/** The way out, and what the dialog is for. */
export function DialogActions({ onCancel, children }: { onCancel: () => void; children: ReactNode }) {
  return (
    <div className={classes.actions}>
      <Button type="button" variant="default" onClick={onCancel}>
        Cancel
      </Button>
      {children}
    </div>
  );
}
