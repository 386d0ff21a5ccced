import { loginPath } from '@gatehouse/contract';
import { createFileRoute, redirect } from '@tanstack/react-router';
import { SignedInLayout } from '../app/layout/signed-in-layout.tsx';

/** Every page below this folder is for signed-in people. Nothing of it is shown before the server has said so. */
export const Route = createFileRoute('/_authenticated')({
  async beforeLoad({ context, location, preload }) {
    const presence = await context.gatehouse.presence({ background: preload });
    if (!presence.signedIn) throw redirect({ href: loginPath({ next: location.href, reason: presence.reason }), replace: true });
  },
  component: SignedInLayout,
});
