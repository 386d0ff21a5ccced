import type { FormField, UserAttributes } from '@gatehouse/contract';
import { createTranslator } from 'use-intl/core';
import { describe, expect, test } from 'vitest';
import type { Messages } from '../../i18n/catalogs.ts';
import { ownFields } from '../../messages/de/own-fields.ts';
import { fieldsSchema } from './fields-schema.ts';
import { changedFields, defaultsOf, fieldValues, parseNumber } from './field-values.ts';

const base = { title: null, description: null, readOnly: false, default: null, required: false };
const text = { ...base, kind: 'text', format: 'plain', multiline: false, minLength: null, maxLength: null } as const;

const FIELDS: readonly FormField[] = [
  { ...text, key: 'department', default: 'Shop floor', required: true, minLength: 2, maxLength: 10 },
  { ...text, key: 'mail', format: 'email' },
  { ...text, key: 'link', format: 'url' },
  { ...base, key: 'floor', kind: 'number', integer: true, min: -2, max: 40 },
  { ...base, key: 'share', kind: 'number', integer: false, min: null, max: null },
  { ...base, key: 'news', kind: 'boolean', default: false },
  { ...base, key: 'since', kind: 'date' },
  {
    ...base,
    key: 'size',
    kind: 'choice',
    options: [
      { value: 1, label: 'Small' },
      { value: 2, label: null },
    ],
  },
];

const attributes = { department: 'Sales', floor: 4, news: true, size: 2, link: ['no text'] } as UserAttributes;
const EMPTY = { department: '', mail: '', link: '', floor: '', share: '', news: false, since: '', size: '' };

test('inputs show the attributes; what is missing or has another type is empty', () => {
  expect(fieldValues(FIELDS, attributes)).toEqual({ ...EMPTY, department: 'Sales', floor: '4', news: true, size: '2' });
  expect(fieldValues(FIELDS, defaultsOf(FIELDS))).toEqual({ ...EMPTY, department: 'Shop floor' });
});

test('only what differs is sent, as the type of the field; empty inputs as null', () => {
  const shown = fieldValues(FIELDS, attributes);
  expect(changedFields(FIELDS, shown, attributes)).toEqual({});
  const edited = { ...shown, department: ' Office ', floor: '-1', share: '0,5', news: false, since: '2026-02-28', size: '1' };
  expect(changedFields(FIELDS, edited, attributes)).toEqual({
    department: ' Office ',
    floor: -1,
    share: 0.5,
    news: false,
    since: '2026-02-28',
    size: 1,
  });
  expect(changedFields(FIELDS, { ...shown, floor: ' ', size: '' }, attributes)).toEqual({ floor: null, size: null });
});

test.each([
  ['1', 1],
  [' -2,5 ', -2.5],
  ['1e3', 1000],
  ['', Number.NaN],
  ['four', Number.NaN],
  ['1.000,5', Number.NaN],
  ['Infinity', Number.NaN],
])('%j is the number %d', (input, number) => {
  expect(parseNumber(input)).toBe(number);
});

describe('an input is refused with a message at its field', () => {
  const german = createTranslator<Messages, 'ownFields'>({ locale: 'de', messages: { ownFields } as never, namespace: 'ownFields' });
  const valid = fieldValues(FIELDS, attributes);
  const check = (values: object) => {
    const { error } = fieldsSchema(FIELDS, () => german).safeParse({ ...valid, ...values });
    return error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? [];
  };

  test('valid values and empty ones that may be empty pass', () => {
    expect(check({})).toEqual([]);
    expect(check({ floor: '', size: '', link: '' })).toEqual([]);
  });

  test('each kind has its message', () => {
    // These two have codes, and are translated where they are shown.
    expect(check({ department: ' ' })).toEqual([['department', 'Enter a value.']]);
    expect(check({ mail: 'nobody' })).toEqual([['mail', 'Enter an e-mail address, such as name@example.com.']]);
    expect(check({ department: 'x', link: 'example.com' })).toEqual([
      ['department', 'Verwenden Sie mindestens 2 Zeichen.'],
      ['link', 'Geben Sie eine Adresse wie https://example.com ein.'],
    ]);
    expect(check({ department: 'x'.repeat(11), floor: '1,5', share: 'half' })).toEqual([
      ['department', 'Verwenden Sie höchstens 10 Zeichen.'],
      ['floor', 'Geben Sie eine ganze Zahl ein.'],
      ['share', 'Geben Sie eine Zahl ein.'],
    ]);
    expect(check({ floor: '-3' })).toEqual([['floor', 'Geben Sie -2 oder mehr ein.']]);
    expect(check({ floor: '41' })).toEqual([['floor', 'Geben Sie 40 oder weniger ein.']]);
    expect(check({ department: `  ${'x'.repeat(10)}  ` })).toEqual([]);
  });
});
