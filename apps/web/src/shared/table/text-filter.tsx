import { TextInput } from '@mantine/core';
import { useTypedText } from './use-typed-text.ts';

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
  const { text, type, apply } = useTypedText({ value, onApply: (typed) => onChange(typed === '' ? undefined : typed) });
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
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onKeyDown={({ key }) => key === 'Enter' && apply()}
    />
  );
}
