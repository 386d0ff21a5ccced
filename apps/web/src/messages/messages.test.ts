import { REASONS, FIELD_MESSAGES, activityKindSchema, roleSchema, accountStatusSchema } from '@gatehouse/contract';
import { createTranslator } from 'use-intl/core';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileAll } from '../../build/compiled-messages.ts';
import { LANGUAGES } from '../i18n/languages.ts';
import { CATALOGS } from '../i18n/catalogs.ts';

type Tree = { [key: string]: string | Tree };

const all = async (language: keyof typeof CATALOGS): Promise<Tree> =>
  Object.assign({}, ...(await Promise.all(Object.values(CATALOGS[language]).map((load) => load())))) as Tree;

/** `table.rows` → message. */
const flatten = (tree: Tree, prefix = ''): Record<string, string> =>
  Object.assign(
    {},
    ...Object.entries(tree).map(([key, value]) =>
      typeof value === 'string' ? { [prefix + key]: value } : flatten(value, `${prefix}${key}.`),
    ),
  ) as Record<string, string>;

/** The names of the arguments and tags of an ICU message. */
const placeholders = (message: string): string[] =>
  [...new Set([...message.matchAll(/\{(\w+)(?=[,}])|<(\w+)>/g)].map(([, argument, tag]) => argument ?? `<${tag}>`))].toSorted();

const english = flatten(await all('en'));

describe.each(Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[])('%s', async (language) => {
  const messages = flatten(await all(language));

  test('has a file for each feature, and each file is in the catalog', () => {
    const files = (of: string) => readdirSync(join(import.meta.dirname, of)).toSorted();
    expect(files(language)).toEqual(files('en'));
    const features = files(language).filter((name) => !['first-load.ts', 'signed-in.ts', 'administration.ts'].includes(name)).length;
    expect(new Set(Object.keys(messages).map((key) => key.split('.')[0])).size).toBeLessThanOrEqual(features);
  });

  test('has the same keys as English, with the same placeholders', () => {
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(english).toSorted());
    const names = (of: Record<string, string>) => Object.fromEntries(Object.entries(of).map(([key, text]) => [key, placeholders(text)]));
    expect(names(messages)).toEqual(names(english));
  });

  test('has no empty message, and each is valid ICU', () => {
    const problems: string[] = [];
    const flat = Object.fromEntries(Object.entries(messages).map(([key, text]) => [key.replaceAll('.', '_'), text]));
    const check = createTranslator({
      locale: language,
      messages: flat as never,
      timeZone: 'UTC',
      onError: (error) => problems.push(error.message),
    }) as unknown as { rich: (key: string, values: object) => unknown };
    for (const [key, text] of Object.entries(flat)) {
      const values = Object.fromEntries(
        placeholders(text).map((name) => (name.startsWith('<') ? [name.slice(1, -1), () => ''] : [name, 2])),
      );
      if (text.trim() === '' || String(check.rich(key, values)) === '') problems.push(`${key} is empty`);
    }
    expect(problems).toEqual([]);
  });

  test('has a message for every reason, field message, kind of activity, role and status of the contract', () => {
    const keys = [
      ...Object.keys(REASONS).map((reason) => `errors.reasons.${reason}`),
      ...Object.keys(FIELD_MESSAGES).map((code) => `fields.${code}`),
      ...activityKindSchema.options.map((kind) => `activity.kinds.${kind}`),
      ...roleSchema.options.map((role) => `accounts.roles.${role}`),
      ...accountStatusSchema.options.map((status) => `accounts.statuses.${status}`),
    ];
    expect(keys.filter((key) => messages[key] === undefined)).toEqual([]);
  });
});

test('the messages of the contract are the same without and with compiling, so the build leaves them as they are', () => {
  expect(compileAll(FIELD_MESSAGES)).toEqual(FIELD_MESSAGES);
});
