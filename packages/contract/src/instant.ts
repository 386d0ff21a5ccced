import { z } from 'zod';

/**
 * A point in time. In memory it is a `Date`; on the wire and in storage, an ISO 8601 string in UTC.
 * The schema takes either and gives a `Date`, so one definition reads both sides.
 */
export const instantSchema = z.union([z.date(), z.iso.datetime().transform((text) => new Date(text))]);
