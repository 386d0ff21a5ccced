import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import classes from './password-field.module.css';
import { useCapsLock } from './use-caps-lock.ts';

export function PasswordField({ onBlur, ...props }: PasswordInputProps) {
  const capsLock = useCapsLock();
  return (
    <div>
      <PasswordInput
        {...props}
        {...capsLock.handlers}
        onBlur={(event) => {
          capsLock.handlers.onBlur();
          onBlur?.(event);
        }}
        visibilityToggleFocusable
        // Its pressed state says whether the password shows; the name stays, as the toggle pattern wants.
        visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
      />
      <output className={classes.hint}>{capsLock.on && 'Caps Lock is on.'}</output>
    </div>
  );
}
