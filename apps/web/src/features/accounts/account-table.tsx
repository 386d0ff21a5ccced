import type { ListedUser } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import { ROLE_LABELS, STATUS_LABELS } from '../../shared/account-labels.ts';
import classes from './account-table.module.css';

export function AccountTable({ users }: { users: readonly ListedUser[] }) {
  return (
    // Focusable, so that a table wider than the screen can be scrolled with the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={classes.scroll} aria-label="Table of accounts" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">User name</th>
            <th scope="col">E-mail</th>
            <th scope="col">Role</th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {users.map(({ id, name, username, email, role, status }) => (
            <tr key={id}>
              <th scope="row">
                <Link to="/accounts/$userId" params={{ userId: id }}>
                  {name}
                </Link>
              </th>
              <td>{username}</td>
              <td>{email}</td>
              <td>{ROLE_LABELS[role]}</td>
              <td data-status={status}>{STATUS_LABELS[status]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
