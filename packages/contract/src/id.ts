import { z } from 'zod';

/**
 * The id of a row or the handle of a session, as callers name one: visible ASCII. To MariaDB and MySQL an id and the same with a space behind
 * it are equal in a query and not to us, so that a rule about one's own account would not know it; PostgreSQL has no text with a NUL.
 */
export const idSchema = z.string().regex(/^[\u0021-\u007e]{1,64}$/, 'This is not an id.');
