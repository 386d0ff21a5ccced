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
import { passwordQuestion } from './features/reauthentication/password-question.ts';

/** Seldom needed, and not on the login page. */
const fetchNotices = () => import('./shared/notify.ts');

const gatehouse = createGatehouse({
  // The guards decide where a signed-out person may be; by their own choice, they go to the door.
  onSignedOut: (reason) => void (reason ? router.invalidate() : router.navigate({ to: '/login' })),
  onSignedIn: () => void router.invalidate(),
  onUserChanged() {
    void router.invalidate();
    // Without its code there is no notice; the page shows the other account all the same.
    fetchNotices().then(
      ({ notifyUserChanged }) => notifyUserChanged(),
      () => undefined,
    );
  },
  askForPassword: passwordQuestion.ask,
});
const router = createAppRouter(gatehouse);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');

createRoot(root).render(
  <StrictMode>
    {/* No <style> elements: the content security policy refuses them. The variables are a sheet of the build. */}
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <GatehouseProvider gatehouse={gatehouse}>
        <RouterProvider router={router} />
      </GatehouseProvider>
    </MantineProvider>
  </StrictMode>,
);
