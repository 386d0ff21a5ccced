import type { Page } from 'playwright-core';
import type { GatehouseServer, Credentials } from './gatehouse-server.ts';

/** An account's row in the table of accounts. */
export const rowOf = (page: Page, { username }: Pick<Credentials, 'username'>) =>
  page.getByRole('row').filter({ has: page.getByRole('cell', { name: username, exact: true }) });

/** Adds an account with the role and password of the demo user. */
export function addUser({ sql, users }: GatehouseServer, { id, username, name }: { id: string; username: string; name: string }): void {
  const email = `${username}@example.org`;
  sql(`INSERT INTO gatehouse_user
    (user_id, username, username_key, email, email_key, name, role, status, password_hash, credential_epoch, created_at, updated_at)
    SELECT '${id}', '${username}', '${username}', '${email}', '${email}', '${name}', role, status, password_hash, credential_epoch, created_at, updated_at
    FROM gatehouse_user WHERE username = '${users.user.username}'`);
}
