import type { Page } from 'playwright-core';
import type { GatehouseServer, Person } from './gatehouse-server.ts';

/** An account's line in the list of accounts. */
export const rowOf = (page: Page, { username }: Pick<Person, 'username'>) =>
  page.getByRole('row').filter({ has: page.getByRole('cell', { name: username, exact: true }) });

/** An account beside those that every server has, with the role and the password of the user. */
export function addUser({ sql, people }: GatehouseServer, { id, username, name }: { id: string; username: string; name: string }): void {
  const email = `${username}@example.org`;
  sql(`INSERT INTO gatehouse_user
    (user_id, username, username_key, email, email_key, name, role, status, password_hash, credential_epoch, created_at, updated_at)
    SELECT '${id}', '${username}', '${username}', '${email}', '${email}', '${name}', role, status, password_hash, credential_epoch, created_at, updated_at
    FROM gatehouse_user WHERE username = '${people.user.username}'`);
}
