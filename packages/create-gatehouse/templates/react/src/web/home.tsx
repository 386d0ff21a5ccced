import { useLogout, useMe } from '@gatehouse/client/react';
import { trpc } from './trpc.ts';

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Only for users who are signed in. */
export function Home() {
  const { data: me } = useMe();
  const { data: greeting, error } = trpc.greeting.useQuery();
  const logout = useLogout();
  if (error) return <p role="alert">The server could not answer. Reload the page to try again.</p>;
  if (!me || !greeting) return <p role="status">Loading…</p>;

  return (
    <div className="card">
      <h1>{greeting.text}</h1>
      <dl>
        <dt>Team</dt>
        <dd>{greeting.team}</dd>
        <dt>E-mail</dt>
        <dd>{me.user.email}</dd>
        <dt>Signed in until</dt>
        <dd>{time.format(me.session.expires)}</dd>
      </dl>
      {logout.error && <p role="alert">The server could not sign you out. Try again.</p>}
      <button onClick={() => logout.mutate()} disabled={logout.isPending}>
        Sign out
      </button>
    </div>
  );
}
