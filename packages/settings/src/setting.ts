import type { z } from 'zod';

interface Described {
  /** One or two sentences for `.env.example` and the README: unit, values, and what it is for. */
  readonly meaning: string;
}

/** One setting: how its text is read, what holds where it is not set, and what it means. */
export type Setting<Form extends z.ZodType = z.ZodType> = Described & { readonly form: Form; readonly default: string };

/** A setting with a fixed default, read by the same form as a value that someone wrote. */
export const setting = <Output>(about: Described & { form: z.ZodType<Output, string>; default: string }) => ({
  ...about,
  form: about.form.prefault(about.default),
});

/** A setting whose default follows from others: `default` says in words what holds, the form gives undefined. */
export const derivedSetting = <Output>(about: Described & { form: z.ZodType<Output, string>; default: string }) => ({
  ...about,
  form: about.form.optional(),
});
