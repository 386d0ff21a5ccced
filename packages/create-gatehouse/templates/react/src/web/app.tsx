import { createGatehouse, GatehouseProvider } from '@gatehouse/client/react';
import { useEffect, useState } from 'react';
import { Home } from './home.tsx';
import { SignIn } from './sign-in.tsx';

type State = 'loading' | 'unreachable' | 'signed-in' | 'signed-out';

export function App() {
  const [state, setState] = useState<State>('loading');
  // Called for sign-ins and sign-outs of other tabs too, and when the session has expired or was ended.
  const [gatehouse] = useState(() =>
    createGatehouse({ onSignedIn: () => setState('signed-in'), onSignedOut: () => setState('signed-out') }),
  );

  const ask = () =>
    gatehouse.presence().then(
      ({ signedIn }) => setState(signedIn ? 'signed-in' : 'signed-out'),
      () => setState('unreachable'),
    );
  useEffect(() => void ask(), [gatehouse]);

  return (
    <GatehouseProvider gatehouse={gatehouse}>
      <main>
        {state === 'loading' && <p role="status">Loading…</p>}
        {state === 'unreachable' && (
          <div className="card">
            <p role="alert">The server does not respond.</p>
            <button onClick={() => void ask()}>Try again</button>
          </div>
        )}
        {state === 'signed-out' && <SignIn />}
        {state === 'signed-in' && <Home />}
      </main>
    </GatehouseProvider>
  );
}
