import { createGatehouse, GatehouseProvider } from '@gatehouse/client/react';
import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/atkinson-hyperlegible-next/index.css';
import './app/mantine-styles.ts';
import 'virtual:mantine-variables.css';
import './app/global.css';
import { createAppRouter } from './app/create-app-router.ts';
import { theme } from './app/theme.ts';
import { passwordPrompt } from './features/reauthentication/password-prompt.ts';

/** Loaded on demand, because notifications are rarely needed and never on the login page. */
const loadNotify = () => import('./shared/notify.ts');

const gatehouse = createGatehouse({
  // After a sign-out by choice, go to the login page. Otherwise the guards redirect there and keep the current path.
  onSignedOut: (reason) => void (reason ? router.invalidate() : router.navigate({ to: '/login' })),
  onSignedIn: () => void router.invalidate(),
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

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');

createRoot(root).render(
  <StrictMode>
    {/* The content security policy blocks <style> elements, so the CSS variables are in a style sheet that the build generates. */}
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <GatehouseProvider gatehouse={gatehouse}>
        <RouterProvider router={router} />
      </GatehouseProvider>
    </MantineProvider>
  </StrictMode>,
);
