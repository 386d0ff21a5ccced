import type { z } from 'zod';

interface Described {
  /** One or two sentences for `.env.example` and the README: unit, values, and what it is for. */
  readonly meaning: string;
}

/** One setting: how its text is read, what holds where it is not set, and what it means. */
export type Setting<Form extends z.ZodType = z.ZodType> = Described & {
  readonly form: Form;
  /** The text that is read where nothing is set; if `derived`, words that say what holds then. */
  readonly default: string;
  /** What holds follows from other settings: the form gives undefined. */
  readonly derived: boolean;
};

/** A setting with a fixed default, read by the same form as a value that someone wrote. */
export const setting = <Output>(about: Described & { form: z.ZodType<Output, string>; default: string }) => ({
  ...about,
  derived: false,
  form: about.form.prefault(about.default),
});

/** A setting whose default follows from others. */
export const derivedSetting = <Output>(about: Described & { form: z.ZodType<Output, string>; default: string }) => ({
  ...about,
  derived: true,
  form: about.form.optional(),
});
