import type { FormField } from '@gatehouse/contract';
import { Checkbox, Textarea, TextInput, type MantineSize } from '@mantine/core';
import { useTranslations } from 'use-intl/react';
import { NativeSelect } from '../native-select.ts';
import { attributeLabel } from './attribute-format.ts';

interface OwnFieldInputProps {
  readonly field: FormField;
  /** `form.getInputProps` of Mantine. */
  readonly getInputProps: (path: string, options?: { type: 'checkbox' }) => object;
  readonly size?: MantineSize;
}

const TEXT_TYPES = { plain: 'text', email: 'email', url: 'url' } as const;

/** The input of one of the app's own fields, whose value the form has in `attributes`. */
export function OwnFieldInput({ field, getInputProps, size = 'sm' }: OwnFieldInputProps) {
  const t = useTranslations('ownFields');
  const { key, title, description, kind, required } = field;
  const path = `attributes.${key}`;
  const common = { name: path, label: title ?? attributeLabel(key), description, size, autoComplete: 'off' };
  switch (kind) {
    case 'boolean':
      return <Checkbox {...common} {...getInputProps(path, { type: 'checkbox' })} />;
    case 'choice': {
      const options = field.options.map(({ value, label }) => ({ value: String(value), label: label ?? String(value) }));
      return (
        <NativeSelect {...common} data={required ? options : [{ value: '', label: t('notChosen') }, ...options]} {...getInputProps(path)} />
      );
    }
    case 'date':
      return <TextInput {...common} type="date" {...getInputProps(path)} />;
    case 'number':
      return <TextInput {...common} inputMode={field.integer ? 'numeric' : 'decimal'} {...getInputProps(path)} />;
    case 'text':
      if (field.multiline) return <Textarea {...common} autosize minRows={3} maxRows={12} {...getInputProps(path)} />;
      return <TextInput {...common} type={TEXT_TYPES[field.format]} {...getInputProps(path)} />;
  }
}
