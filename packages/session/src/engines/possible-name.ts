/** Of the columns that hold them. */
const MAX_LENGTH = 64;

/**
 * A key, a handle or a user's id can be called this on every storage. PostgreSQL refuses a NUL in any text, MariaDB a text that is longer
 * than its column, and a cluster of Redis finds no node for a lone surrogate: what cannot be stored is not there.
 */
export const isPossibleName = (name: string): boolean => name.length <= MAX_LENGTH && !name.includes('\0') && name.isWellFormed();
