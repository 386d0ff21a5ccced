import { Button, type ButtonProps } from '@mantine/core';
import type { ComponentProps } from 'react';
import { useDelayed } from './use-delayed.ts';

interface ActionButtonProps extends Omit<ButtonProps, 'loading'>, Omit<ComponentProps<'button'>, keyof ButtonProps> {
  readonly busy: boolean;
}

/**
 * A button for what may take a while. Meanwhile it does nothing, and keeps the focus, which a disabled button loses for good, as
 * Mantine's is while it loads.
 */
export function ActionButton({ busy, onClick, ...props }: ActionButtonProps) {
  const slow = useDelayed(busy);
  return (
    <Button
      {...props}
      loading={slow}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
      // oxlint-disable-next-line react/button-has-type -- it comes with the others
      renderRoot={(root) => <button {...root} disabled={false} aria-disabled={busy || undefined} />}
    />
  );
}
