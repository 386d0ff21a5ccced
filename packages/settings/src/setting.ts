import type { z } from 'zod';

interface Described {
  /** One or two sentences for `.env.example` and the documentation: purpose, unit and allowed values. */
  readonly meaning: string;
  /** `secret`: never shown. `secrets`: several, separated by commas. `url`: shown without its password. Default: shown. */
  readonly hide?: 'secret' | 'secrets' | 'url';
}

/** A setting: its schema, its default and its description. */
export type Setting<Schema extends z.ZodType = z.ZodType> = Described & {
  readonly schema: Schema;
  /** The value that is used if nothing is set. If `derived`, a description of it. */
  readonly default: string;
  /** The default depends on other settings, and the schema returns undefined. */
  readonly derived: boolean;
};

/** A setting with a fixed default, which the schema parses like any value. */
export const setting = <Output>(about: Described & { schema: z.ZodType<Output, string>; default: string }) => ({
  ...about,
  derived: false,
  schema: about.schema.prefault(about.default),
});

/** A setting whose default depends on other settings. */
export const derivedSetting = <Output>(about: Described & { schema: z.ZodType<Output, string>; default: string }) => ({
  ...about,
  derived: true,
  schema: about.schema.optional(),
});
