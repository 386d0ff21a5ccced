import { accountStatusSchema, roleSchema, storedAttributes, type SessionUser } from '@gatehouse/contract';

/** The user columns that may leave this package. The password hash must not. */
export const SESSION_USER_COLUMNS = {
  id: true,
  username: true,
  email: true,
  name: true,
  role: true,
  status: true,
  attributes: true,
} as const;

/** Throws if the row has an unknown role or status. Attributes are returned as stored; see with-attributes.ts. */
export const toSessionUser = (row: { [Column in keyof typeof SESSION_USER_COLUMNS]: string }): SessionUser => ({
  id: row.id,
  username: row.username,
  email: row.email,
  name: row.name,
  role: roleSchema.parse(row.role),
  status: accountStatusSchema.parse(row.status),
  attributes: storedAttributes(row.attributes),
});
