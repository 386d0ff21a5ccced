import { z } from './z.ts';

/**
 * A row id or session handle as input: visible ASCII. MariaDB and MySQL ignore trailing spaces when comparing, so `id` and `id ` would match the
 * same row and bypass checks such as "not your own account". PostgreSQL cannot store NUL in text.
 */
export const idSchema = z.string().regex(/^[\u0021-\u007e]{1,64}$/, 'This is not a valid ID.');
