import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import classes from './dialog.module.css';
import { Dialog, DialogActions } from './dialog.tsx';

export interface ConfirmRequest {
  /** A question: "End 4 sessions?" */
  readonly title: string;
  /** What follows, in full sentences. A list if there are several. */
  readonly consequences: readonly ReactNode[];
  /** What the button does: "End 4 sessions". Not "OK". */
  readonly confirmLabel: string;
  /** Red, for what cannot be undone. @default false */
  readonly isDestructive?: boolean;
  /** Runs after the dialog has closed, because a password prompt may follow. Report success and failure by notifications. */
  readonly onConfirm: () => void;
}

/** `const { ask, dialog } = useConfirm()`: render `dialog`, and call `ask({ … })` before an action that needs confirmation. */
export function useConfirm(): { readonly ask: (request: ConfirmRequest) => void; readonly dialog: ReactNode } {
  const [request, setRequest] = useState<ConfirmRequest>();
  const close = () => setRequest(undefined);
  return { ask: setRequest, dialog: request && <ConfirmDialog {...request} onClose={close} /> };
}

function ConfirmDialog({
  title,
  consequences,
  confirmLabel,
  isDestructive = false,
  onConfirm,
  onClose,
}: ConfirmRequest & { onClose: () => void }) {
  const confirm = () => {
    onClose();
    onConfirm();
  };
  return (
    <Dialog title={title} onCancel={onClose}>
      {consequences.length === 1 ? (
        <p>{consequences[0]}</p>
      ) : (
        <ul className={classes.consequences}>
          {consequences.map((consequence, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- the list does not change while the dialog is open
            <li key={index}>{consequence}</li>
          ))}
        </ul>
      )}
      <DialogActions onCancel={onClose}>
        <Button {...(isDestructive && { color: 'red.9' })} onClick={confirm}>
          {confirmLabel}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
