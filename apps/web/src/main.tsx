import '@fontsource-variable/atkinson-hyperlegible-next/index.css';
import './app/mantine-styles.ts';
import 'virtual:mantine-variables.css';
import './app/global.css';
import { LOGIN_PATH, loginPath } from '@gatehouse/contract';
import { startLanguage } from './i18n/language-store.ts';
import { withBasePath, withoutBasePath } from './shared/base-path.ts';
import { earlySignedOutReason } from './start/early-presence.ts';
import { loadApp } from './start/load-app.ts';
import { render } from './start/render.tsx';
import { wasSignedIn } from './start/was-signed-in.ts';

const path = withoutBasePath(window.location.pathname);

/** The reason to show on the sign-in page; undefined if the sign-in page is not the one to show, or if that is not certain. */
async function signInReason(): Promise<{ reason: string | undefined } | undefined> {
  if (path !== LOGIN_PATH && path !== '/') return undefined;
  // The app knows whether a session of this browser has expired meanwhile, and says so.
  if (path === '/' && wasSignedIn()) return undefined;
  const reason = await earlySignedOutReason();
  if (reason === undefined) return undefined;
  if (path === LOGIN_PATH) return { reason: new URLSearchParams(window.location.search).get('reason') ?? undefined };
  const { search, hash } = window.location;
  history.replaceState(null, '', withBasePath(loginPath({ next: `/${search}${hash}`, reason })));
  return { reason };
}

// Before the first render, so that no page appears in another language first.
const [signedOut] = await Promise.all([signInReason(), startLanguage()]);
if (signedOut) {
  const { SignInScreen } = await import('./start/sign-in-screen.tsx');
  render(<SignInScreen reason={signedOut.reason} />);
} else {
  (await loadApp()).showApp();
}
