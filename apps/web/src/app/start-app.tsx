import { createGatehouse, GatehouseProvider } from '@gatehouse/client/tanstack';
import { TRPC_PATH } from '@gatehouse/contract';
import { RouterProvider } from '@tanstack/react-router';
import { passwordPrompt } from '../features/reauthentication/password-prompt.ts';
import { withBasePath } from '../shared/base-path.ts';
import { removeAllDrafts } from '../shared/form-draft/draft-store.ts';
import { render } from '../start/render.tsx';
import { fetchWithEarlyPresence } from '../start/early-presence.ts';
import { createAppRouter } from './create-app-router.ts';

/** Loaded on demand, because notifications are rarely needed and never on the login page. */
const loadNotify = () => import('../shared/notify.ts');

/** The sign-in page of `start/` is on screen, which needs no router. */
let isWaiting = true;
let isLeaving = false;

const gatehouse = createGatehouse({
  url: withBasePath(TRPC_PATH),
  // A closing page must not cancel what it sends: see shared/use-undoable.ts.
  fetch: (input, init) => fetchWithEarlyPresence(input, isLeaving ? { ...init, keepalive: true } : init),
  // After a sign-out by choice, go to the login page. Otherwise the guards redirect there and keep the current path.
  onSignedOut(reason) {
    if (reason === undefined) removeAllDrafts();
    if (isWaiting) return;
    if (reason) void router.invalidate();
    else void router.navigate({ to: '/login' });
  },
  onSignedIn() {
    if (isWaiting) showApp();
    else void router.invalidate();
  },
  onUserChanged() {
    void router.invalidate();
    // If loading fails, there is no notification, but the page still shows the new account.
    loadNotify().then(
      ({ notifyUserChanged }) => notifyUserChanged(),
      () => undefined,
    );
  },
  askForPassword: passwordPrompt.ask,
});
const router = createAppRouter(gatehouse);

// In the capture phase, before the pages send what waits.
window.addEventListener('pagehide', () => (isLeaving = true), { capture: true });
// The page may come back from the browser's cache.
window.addEventListener('pageshow', () => (isLeaving = false));

/** Shows the page of the current URL. Replaces the sign-in page of `start/`. */
export function showApp(): void {
  isWaiting = false;
  render(
    <GatehouseProvider gatehouse={gatehouse}>
      <RouterProvider router={router} />
    </GatehouseProvider>,
  );
}

/** Signs in and then shows the page that the user wanted. */
export async function signIn(input: { identifier: string; password: string; remember?: boolean | undefined }): Promise<void> {
  gatehouse.onLogin(await gatehouse.trpcClient.auth.login.mutate(input));
}
