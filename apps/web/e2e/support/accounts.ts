import type { Page } from 'playwright-core';
import type { GatehouseServer, Credentials } from './gatehouse-server.ts';

/** An account's row in the table of users. On a phone, the name of a cell begins with the header of its column. */
export const rowOf = (page: Page, { username }: Pick<Credentials, 'username'>) =>
  page.getByRole('row').filter({ has: page.getByRole('cell', { name: new RegExp(`^(User name )?${username}$`) }) });

/** Adds an account with the role and password of the demo user. It is found by the words of its name and by its user name. */
export function addUser({ sql, users }: GatehouseServer, { id, username, name }: { id: string; username: string; name: string }): void {
  const email = `${username}@example.org`;
  sql(`INSERT INTO gatehouse_user
    (user_id, username, username_key, email, email_key, name, name_key, role, status, password_hash, credential_epoch, created_at, updated_at)
    SELECT '${id}', '${username}', '${username}', '${email}', '${email}', '${name}', '${name.toLowerCase()}', role, status, password_hash,
      credential_epoch, created_at, updated_at
    FROM gatehouse_user WHERE username = '${users.user.username}'`);
  for (const word of new Set([...name.toLowerCase().split(' '), username]))
    sql(`INSERT INTO gatehouse_user_word (word, user_id) VALUES ('${word}', '${id}')`);
}
