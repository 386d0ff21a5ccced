import { expect, test } from 'vitest';
import { z } from './z.ts';
import { editableFieldProblem, editableFields, fieldEditsSchema, type FieldEditor, type FieldEdits } from './editable-fields.ts';
import { FIELD_MESSAGES } from './field-messages.ts';

const fields = editableFields(
  z.object({
    department: z.string().trim().min(1).max(80).default('Shop floor').meta({ title: 'Department', editable: true }),
    about: z.string().optional().meta({ editable: true, multiline: true, description: 'In a few words.' }),
    motto: z.string().default('None').meta({ editable: true }),
    mail: z.email().nullish().meta({ editable: true }),
    link: z.url().meta({ editable: true }).optional(),
    floor: z.int().min(-2).max(40).optional().meta({ editable: 'admin' }),
    share: z.number().gt(0).optional().meta({ editable: 'admin' }),
    since: z.iso.date().optional().meta({ editable: 'admin' }),
    news: z.boolean().default(false).meta({ editable: true }),
    plan: z.enum(['free', 'team']).default('free').meta({ editable: 'admin' }),
    size: z
      .union([z.literal(1).meta({ title: 'Small' }), z.literal(2)])
      .nullable()
      .default(null)
      .meta({ editable: true }),
    salary: z.number().optional(),
    notes: z.array(z.string()).default([]),
    closed: z.string().optional().meta({ editable: false }),
  }),
);

const NAMES = ['department', 'about', 'motto', 'mail', 'link', 'news', 'size'];

const editable = (editor: FieldEditor) => fields.describe(editor).flatMap(({ key, readOnly }) => (readOnly ? [] : [key]));

test('only marked fields are editable, and those for administrators are not the owner’s', () => {
  expect(editable('owner')).toEqual(NAMES);
  expect(editable('admin')).toEqual([...NAMES.slice(0, 5), 'floor', 'share', 'since', 'news', 'plan', 'size']);
});

test('a field is described by its schema', () => {
  const described = Object.fromEntries(fields.describe('admin').map(({ key, ...field }) => [key, field]));
  const base = { title: null, description: null, readOnly: false, default: null, required: false };
  const text = { ...base, kind: 'text', format: 'plain', multiline: false, minLength: null, maxLength: null };
  const number = { ...base, kind: 'number', integer: false, min: null, max: null };
  expect(described).toEqual({
    department: { ...text, title: 'Department', default: 'Shop floor', required: true, minLength: 1, maxLength: 80 },
    about: { ...text, description: 'In a few words.', multiline: true },
    motto: { ...text, default: 'None' },
    mail: { ...text, format: 'email' },
    link: { ...text, format: 'url' },
    floor: { ...number, integer: true, min: -2, max: 40 },
    share: number,
    salary: { ...number, readOnly: true },
    closed: { ...text, readOnly: true },
    since: { ...base, kind: 'date' },
    news: { ...base, kind: 'boolean', default: false, required: true },
    plan: {
      ...base,
      kind: 'choice',
      default: 'free',
      required: true,
      options: [
        { value: 'free', label: null },
        { value: 'team', label: null },
      ],
    },
    size: {
      ...base,
      kind: 'choice',
      options: [
        { value: 1, label: 'Small' },
        { value: 2, label: null },
      ],
    },
  });
});

test('an integer without limits has none in the form', () => {
  const [field] = editableFields(z.object({ count: z.int().optional().meta({ editable: true }) })).describe('owner');
  expect(field).toMatchObject({ kind: 'number', integer: true, min: null, max: null });
});

test.each(['salary', 'floor', 'closed', 'none', 'constructor', 'toString'])('the owner cannot edit %s', (key) => {
  expect(fields.check('owner', { department: 'Sales', [key]: 1 })).toEqual({
    ok: false,
    problems: { [`attributes.${key}`]: [FIELD_MESSAGES.FIELD_NOT_EDITABLE] },
  });
});

test('null empties a field, unless its default is not empty', () => {
  const edits: FieldEdits = { about: null, motto: null, mail: null, link: null, size: null };
  expect(fields.check('owner', edits)).toEqual({
    ok: true,
    changes: { about: undefined, motto: '', mail: null, link: undefined, size: null },
  });
  expect(fields.check('admin', { department: null, plan: null, floor: null })).toEqual({
    ok: false,
    problems: { 'attributes.department': [FIELD_MESSAGES.FIELD_REQUIRED], 'attributes.plan': [FIELD_MESSAGES.FIELD_REQUIRED] },
  });
});

test.each([
  ['list', z.array(z.string()).default([]).meta({ editable: true }), 'no input for its type'],
  ['since', z.date().optional().meta({ editable: true }), 'no input for its type'],
  ['any', z.any().meta({ editable: 'admin' }), 'no input for its type'],
  ['who', z.string().optional().meta({ editable: 'owner' }), 'unknown mark'],
  ['a.b', z.string().optional().meta({ editable: true }), 'a name that forms cannot use'],
] as const)('a mark that no form can honour is refused at the start: %s', (key, type, problem) => {
  expect(editableFieldProblem(key, type)?.problem).toContain(problem);
  expect(() => editableFields(z.object({ [key]: type }))).toThrow(`The user attribute ${key} `);
});

test('a field of another library is neither described nor editable', () => {
  const foreign = { safeParse: (value: unknown) => ({ success: true as const, data: value }), meta: () => ({ editable: true }) };
  expect(editableFields({ shape: { foreign } }).describe('admin')).toEqual([]);
});

test('edits are single values, and not many', () => {
  expect(fieldEditsSchema.safeParse({ a: 'x', b: 1, c: true, d: null }).success).toBe(true);
  for (const value of [[], {}, ['x']]) expect(fieldEditsSchema.safeParse({ a: value }).success).toBe(false);
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`field${n}`, 1]));
  expect(fieldEditsSchema.safeParse(many).success).toBe(false);
});
