import * as z from 'zod/mini';

/* oxlint-disable promise/valid-params -- zod's `catch` */

/*
 * Schemas of search parameters. From zod/mini, because the router needs them on every page (7 kB instead of 27). Each ignores a value that is
 * not valid, for example from a link of a later version, and is undefined by default, so that defaults do not appear in the URL.
 */

/** Any text up to a length. */
export const searchText = (maxLength = 100) => z.catch(z.optional(z.string().check(z.maxLength(maxLength))), undefined);

/** One of some values: `searchChoice(['user', 'admin'])`. */
export const searchChoice = <const Values extends readonly string[]>(values: Values) => z.catch(z.optional(z.enum(values)), undefined);

/** Several of some values, also if there is only one. */
export const searchChoices = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.catch(
    z.optional(
      z.union([
        z.array(z.enum(values)),
        z.pipe(
          z.enum(values),
          z.transform((one) => [one]),
        ),
      ]),
    ),
    undefined,
  );

/** A whole number of at least `min`. */
export const searchNumber = (min: number) =>
  z.catch(z.optional(z.coerce.number<string | number>().check(z.int(), z.minimum(min), z.maximum(1_000_000))), undefined);

/** The function for `validateSearch` of a route. Parameters that are not in the schema are dropped. */
export const readSearch =
  <Schema extends z.ZodMiniObject>(schema: Schema) =>
  (search: Record<string, unknown>): z.output<Schema> =>
    // The parsed parameters have no prototype, which zod does not regard as a plain object.
    z.parse(schema, { ...search });
