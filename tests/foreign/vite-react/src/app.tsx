import { errorReason } from '@gatehouse/client';
import { createGatehouse, GatehouseProvider, trpc, useLogin, useLogout, useMe } from '@gatehouse/client/react';
import { useEffect, useState } from 'react';

export function App() {
  const [signedIn, setSignedIn] = useState<boolean>();
  const [gatehouse] = useState(() => createGatehouse({ onSignedIn: () => setSignedIn(true), onSignedOut: () => setSignedIn(false) }));
  useEffect(() => void gatehouse.presence().then((presence) => setSignedIn(presence.signedIn)), [gatehouse]);
  if (signedIn === undefined) return <p>Loading…</p>;
  return <GatehouseProvider gatehouse={gatehouse}>{signedIn ? <Home /> : <Login />}</GatehouseProvider>;
}

function Login() {
  const login = useLogin();
  const submit = (form: FormData) => login.mutate({ identifier: String(form.get('identifier')), password: String(form.get('password')) });
  return (
    <form action={submit}>
      <input name="identifier" autoComplete="username" aria-label="User name or e-mail" />
      <input name="password" type="password" autoComplete="current-password" aria-label="Password" />
      <button>Sign in</button>
      {login.error && <p role="alert">{errorReason(login.error) ?? 'The server is not responding.'}</p>}
    </form>
  );
}

function Home() {
  const { data: me } = useMe();
  const activity = trpc.account.recentActivity.useQuery();
  const logout = useLogout();
  return (
    <>
      <p>
        {me?.user.name}, until {me?.session.expires.toLocaleString()}
      </p>
      {activity.data && <p>{activity.data.length} recent events</p>}
      <button onClick={() => logout.mutate()}>Sign out</button>
    </>
  );
}
