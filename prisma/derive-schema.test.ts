import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deriveSchema } from './derive-schema.ts';

const schema = readFileSync(join(import.meta.dirname, 'schema.prisma'), 'utf8');
const models = (text: string): string => text.slice(text.indexOf('model User'));

test('a variant has its own provider and output, and the same models as the original', () => {
  const derived = deriveSchema(schema, { provider: 'postgresql', output: './elsewhere' });
  expect(derived).toContain('datasource db {\n  provider = "postgresql"');
  expect(derived).toContain('output              = "./elsewhere"');
  expect(derived).toContain('provider            = "prisma-client"');
  expect(models(derived).replaceAll(/ @db\.\S+/g, '')).toBe(models(deriveSchema(schema, { provider: 'sqlite', output: './elsewhere' })));
});

test('a native type only applies to the named database', () => {
  const field = 'model X {\n  data String // mysql: @db.LongText\n}';
  expect(deriveSchema(field, { provider: 'mysql', output: '' })).toBe('model X {\n  data String @db.LongText\n}');
  expect(deriveSchema(field, { provider: 'sqlite', output: '' })).toBe('model X {\n  data String\n}');
});
