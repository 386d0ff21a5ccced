import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useState, type KeyboardEvent } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './password-field.module.css';

/** A password input that can show the password, and warns if Caps Lock is on. */
export function PasswordField({ onBlur, ...props }: PasswordInputProps) {
  const t = useTranslations('signIn');
  const [capsLock, setCapsLock] = useState(false);
  const updateCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));
  return (
    <div>
      <PasswordInput
        {...props}
        onKeyDown={updateCapsLock}
        onKeyUp={updateCapsLock}
        onBlur={(event) => {
          setCapsLock(false);
          onBlur?.(event);
        }}
        visibilityToggleFocusable
        // A toggle button keeps its name; `aria-pressed` tells whether the password is visible.
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
      />
      <output className={classes.hint}>{capsLock && t('capsLock')}</output>
    </div>
  );
}
