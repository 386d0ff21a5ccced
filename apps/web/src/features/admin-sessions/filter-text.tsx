import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useShownValue } from '../../shared/table/use-shown-value.ts';
import classes from './admin-sessions.module.css';

/** Typing pauses for this long before the filter applies. */
const TYPING_PAUSE_MS = 300;

interface FilterTextProps {
  readonly label: string;
  readonly placeholder: string;
  /** From the URL. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** A filter of typed text. It applies when typing pauses, or with Enter. */
export function FilterText({ label, placeholder, value = '', onChange }: FilterTextProps) {
  const [text, setText] = useShownValue(value);
  const apply = (typed: string) => {
    const trimmed = typed.trim();
    if (trimmed !== value) onChange(trimmed === '' ? undefined : trimmed);
  };
  const applyLater = useDebouncedCallback(apply, TYPING_PAUSE_MS);
  return (
    <TextInput
      className={classes.filter}
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
