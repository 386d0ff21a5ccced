import type { Page } from 'playwright-core';
import type { Person } from './gatehouse-server.ts';

/** An account's line in the list of accounts. */
export const rowOf = (page: Page, { username }: Pick<Person, 'username'>) =>
  page.getByRole('row').filter({ has: page.getByRole('cell', { name: username, exact: true }) });
