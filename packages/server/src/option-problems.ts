import { editableFieldProblem, type AttributesSchema } from '@gatehouse/contract';
import type { Problem } from '@gatehouse/settings';

/** Options that are no settings, as an app in plain JavaScript may give them. */
interface GivenOptions {
  readonly attributes?: unknown;
  readonly sessionData?: unknown;
  readonly trpcPath?: unknown;
  readonly users?: unknown;
  readonly logger?: unknown;
}

/** What is wrong with the options that are no settings. TypeScript reports some of it, but not to apps in plain JavaScript. */
export const optionProblems = (options: GivenOptions): Problem[] => [
  ...schemaProblems('attributes', options.attributes, "attributes: z.object({ department: z.string().default('') })"),
  ...schemaProblems('sessionData', options.sessionData, 'sessionData: z.object({ cart: z.array(z.string()).optional() })'),
  ...fieldProblems(options.attributes),
  ...pathProblems(options.trpcPath),
  ...usersProblems(options.users),
  ...loggerProblems(options.logger),
];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const fieldsOf = (schema: unknown): Record<string, unknown> | undefined =>
  isObject(schema) && isObject(schema['shape']) ? schema['shape'] : undefined;

function schemaProblems(name: string, schema: unknown, example: string): Problem[] {
  if (schema === undefined) return [];
  const fields = fieldsOf(schema);
  if (fields && Object.values(fields).every((field) => isObject(field) && typeof field['safeParse'] === 'function')) return [];
  return [{ name, problem: 'must be a zod object schema.', fix: `Write ${example}.` }];
}

/** Existing accounts have no value for a new field, and values are stored as JSON. */
function fieldProblems(schema: unknown): Problem[] {
  return Object.entries(fieldsOf(schema) ?? {}).flatMap(([field, type]) => {
    if (!isObject(type) || typeof type['safeParse'] !== 'function') return [];
    const name = `attributes.${field}`;
    const outcome = (type as { safeParse(value: unknown): { success: boolean; data?: unknown } }).safeParse(undefined);
    if (!outcome.success)
      return [
        { name, problem: 'must be optional or have a default: existing accounts have no value.', fix: `Add .optional() or .default(…).` },
      ];
    if (!isJson(outcome.data))
      return [
        { name, problem: 'has a default that is no JSON, and attributes are stored as JSON.', fix: 'Use text for a date: z.iso.date().' },
      ];
    const editing = editableFieldProblem(field, type as unknown as AttributesSchema['shape'][string]);
    return editing ? [{ name, ...editing }] : [];
  });
}

const isJson = (value: unknown): boolean => {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every((one) => one !== undefined && isJson(one));
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson);
};

function pathProblems(path: unknown): Problem[] {
  if (path === undefined || (typeof path === 'string' && /^(?:\/[^/?#\s]+)+$/.test(path))) return [];
  return [
    { name: 'trpcPath', problem: 'must be a path without a slash at its end.', fix: "Write it as in app.use: trpcPath: '/api/trpc'." },
  ];
}

function usersProblems(users: unknown): Problem[] {
  if (users === undefined || (isObject(users) && typeof users['find'] === 'function')) return [];
  return [{ name: 'users', problem: 'must have a function `find`.', fix: 'Write users: { find: async (id) => ({ user, epoch }) }.' }];
}

function loggerProblems(logger: unknown): Problem[] {
  if (logger === undefined || (isObject(logger) && ['info', 'warn', 'error'].every((level) => typeof logger[level] === 'function')))
    return [];
  return [{ name: 'logger', problem: 'must have the functions info, warn and error.', fix: 'Pass a pino logger, for example.' }];
}
