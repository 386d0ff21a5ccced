import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

/** Typing pauses for this long before the filter applies. */
const TYPING_PAUSE_MS = 300;

interface TextFilterProps {
  readonly label: string;
  readonly placeholder: string;
  /** From the URL. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly className: string | undefined;
}

/** A filter of typed text. It applies when typing pauses, or with Enter. */
export function TextFilter({ label, placeholder, value = '', onChange, className }: TextFilterProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  // The URL changed elsewhere: Back, or a link.
  if (value !== shown) {
    setShown(value);
    setText(value);
  }
  const apply = (typed: string) => {
    const trimmed = typed.trim();
    if (trimmed === value) return;
    setShown(trimmed);
    onChange(trimmed === '' ? undefined : trimmed);
  };
  const applyLater = useDebouncedCallback(apply, TYPING_PAUSE_MS);
  return (
    <TextInput
      className={className}
      label={label}
      placeholder={placeholder}
      value={text}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={64}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        applyLater(currentTarget.value);
      }}
      onKeyDown={({ key }) => {
        if (key !== 'Enter') return;
        applyLater.cancel();
        apply(text);
      }}
    />
  );
}
