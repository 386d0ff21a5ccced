import type { FormField, UserAttributes } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import { Fact } from '../facts.tsx';
import { attributeLabel, formatAttribute } from './attribute-format.ts';

interface AttributeFactsProps {
  readonly attributes: UserAttributes;
  /** Their descriptions, when they are loaded: titles, and how values are shown. */
  readonly fields?: readonly FormField[] | undefined;
}

/** The custom fields of a user, for any fields that the app declares. */
export function AttributeFacts({ attributes, fields = [] }: AttributeFactsProps) {
  const t = useTranslations('ownFields');
  const { day } = useFormats();
  const words = { yes: t('yes'), no: t('no') };
  /** For kinds whose values look different from what is stored. */
  const shownBy = (field: FormField | undefined, value: unknown): string | undefined => {
    if (field?.kind === 'date' && typeof value === 'string') return day(value);
    const option = field?.kind === 'choice' ? field.options.find((each) => each.value === value) : undefined;
    return option?.label ?? undefined;
  };

  return Object.entries(attributes).map(([name, value]) => {
    const field = fields.find(({ key }) => key === name);
    return (
      <Fact key={name} name={field?.title ?? attributeLabel(name)}>
        {/* The span, because a <bdi> that is a grid item itself would be aligned by its own direction. */}
        <span>
          <bdi>{shownBy(field, value) ?? formatAttribute(value, words)}</bdi>
        </span>
      </Fact>
    );
  });
}
