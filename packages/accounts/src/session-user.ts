import { accountStatusSchema, roleSchema, storedAttributes, type SessionUser } from '@gatehouse/contract';

/** The columns of a user that may leave this package; never the hash. */
export const SESSION_USER_COLUMNS = {
  id: true,
  username: true,
  email: true,
  name: true,
  role: true,
  status: true,
  attributes: true,
} as const;

/** Throws if the row holds a role or status that does not exist. Attributes are as they are stored: see with-attributes.ts. */
export const toSessionUser = (row: { [Column in keyof typeof SESSION_USER_COLUMNS]: string }): SessionUser => ({
  id: row.id,
  username: row.username,
  email: row.email,
  name: row.name,
  role: roleSchema.parse(row.role),
  status: accountStatusSchema.parse(row.status),
  attributes: storedAttributes(row.attributes),
});
