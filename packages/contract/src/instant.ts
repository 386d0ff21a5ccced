import { z } from './z.ts';

/**
 * A point in time: a `Date` in memory, an ISO 8601 string in UTC on the wire and in storage.
 * The schema accepts both and returns a `Date`, so client and server share one definition.
 */
export const instantSchema = z.union([z.date(), z.iso.datetime().transform((text) => new Date(text))]);
