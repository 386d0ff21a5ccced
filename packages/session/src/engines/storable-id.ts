/** Width of the database columns. */
const MAX_LENGTH = 64;

/**
 * Whether every storage can store a handle or user id. PostgreSQL refuses a NUL in any text, MariaDB a text longer than
 * its column, and Redis Cluster has no node for a lone surrogate. An id that cannot be stored does not exist.
 */
export const isStorableId = (name: string): boolean => name.length <= MAX_LENGTH && !name.includes('\0') && name.isWellFormed();
