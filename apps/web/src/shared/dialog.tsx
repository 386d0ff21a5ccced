import { Button, CloseButton } from '@mantine/core';
import { useId, useLayoutEffect, useRef, type MouseEvent, type ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './dialog.module.css';

interface ModalProps {
  readonly title: string;
  /** Escape, or another way to close without deciding. The parent closes by unmounting. */
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** A modal dialog in the middle of the page. It is open while it is mounted. */
export const Dialog = ({ title, onCancel, children }: ModalProps) => (
  <Modal className={classes.dialog} onCancel={onCancel}>
    {(id) => (
      <>
        <h2 id={id}>{title}</h2>
        {children}
      </>
    )}
  </Modal>
);

/** Details beside the page, at its end; the whole width on a phone. It is open while it is mounted. Also closes by a click beside it. */
export function Drawer({ title, onCancel, children }: ModalProps) {
  const t = useTranslations('controls');
  const onClick = ({ target, currentTarget }: MouseEvent) => {
    // The backdrop belongs to the dialog element; its content is in the frame.
    if (target === currentTarget) onCancel();
  };
  return (
    <Modal className={classes.drawer} onCancel={onCancel} onClick={onClick}>
      {(id) => (
        <div className={classes.frame}>
          <header className={classes.head}>
            <h2 id={id} tabIndex={-1}>
              {title}
            </h2>
            <CloseButton aria-label={t('close')} onClick={onCancel} />
          </header>
          {children}
        </div>
      )}
    </Modal>
  );
}

interface FrameProps extends Pick<ModalProps, 'onCancel'> {
  readonly className: string | undefined;
  readonly onClick?: (event: MouseEvent) => void;
  readonly children: (headingId: string) => ReactNode;
}

/** The browser's own `<dialog>` traps the focus, handles Escape, and restores the focus afterwards. */
function Modal({ className, onCancel, onClick, children }: FrameProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // A layout effect, because the browser restores the focus only if the dialog is closed before it is removed.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- Escape is the key
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={id}
      onClick={onClick}
      onCancel={(event) => {
        // Escape: the parent closes the dialog by unmounting it.
        event.preventDefault();
        onCancel();
      }}
    >
      {children(id)}
    </dialog>
  );
}

interface DialogActionsProps {
  readonly onCancel: () => void;
  /** @default "Cancel" */
  readonly cancelLabel?: string;
  readonly children?: ReactNode;
}

/** The buttons of a dialog: Cancel, and the given action. */
export function DialogActions({ onCancel, cancelLabel, children }: DialogActionsProps) {
  const t = useTranslations('controls');
  return (
    <div className={classes.actions}>
      <Button type="button" variant="default" onClick={onCancel}>
        {cancelLabel ?? t('cancel')}
      </Button>
      {children}
    </div>
  );
}
