import { useEffect } from 'react';
import { LoginPage } from '../app/login-page.tsx';
import { SkipLink } from '../shared/skip-link.tsx';
import { loadApp } from './load-app.ts';

/** Typing takes longer than loading the rest of the app, and the form is usable before it has begun. */
const LOAD_APP_AFTER_MS = 1_000;

/** The sign-in page without the router, the query client and the tRPC client, so that it is usable early. They load while the user types. */
export function SignInScreen({ reason }: { reason: string | undefined }) {
  useEffect(() => {
    performance.mark('gatehouse:usable');
    const load = () => void loadApp().catch(() => undefined);
    const timer = setTimeout(load, LOAD_APP_AFTER_MS);
    // Back and Forward lead to pages of the app.
    const leave = () => void loadApp().then(({ showApp }) => showApp());
    window.addEventListener('popstate', leave);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('popstate', leave);
    };
  }, []);
  return (
    <>
      <SkipLink />
      <LoginPage reason={reason} send={async (values) => (await loadApp()).signIn(values)} />
    </>
  );
}
