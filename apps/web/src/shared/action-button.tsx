import { Button, type ButtonProps } from '@mantine/core';
import type { ComponentProps } from 'react';
import { useDelayed } from './use-delayed.ts';

interface ActionButtonProps extends Omit<ButtonProps, 'loading'>, Omit<ComponentProps<'button'>, keyof ButtonProps> {
  readonly busy: boolean;
}

/**
 * A button for actions that may take a while. While busy or disabled, it ignores clicks but keeps the focus. Mantine's loading button is
 * disabled, and disabled buttons lose the focus.
 */
export function ActionButton({ busy, disabled = false, onClick, ...props }: ActionButtonProps) {
  const slow = useDelayed(busy);
  return (
    <Button
      {...props}
      loading={slow}
      {...(disabled && { 'data-disabled': true })}
      onClick={(event) => (busy || disabled ? event.preventDefault() : onClick?.(event))}
      // oxlint-disable-next-line react/button-has-type -- `root` contains the type
      renderRoot={(root) => <button {...root} disabled={false} aria-disabled={busy || disabled || undefined} />}
    />
  );
}
