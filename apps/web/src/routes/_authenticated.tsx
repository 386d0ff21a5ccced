import { loginPath } from '@gatehouse/contract';
import { createFileRoute, redirect } from '@tanstack/react-router';
import { loadSignedInMessages } from '../i18n/language-store.ts';
import { SignedInLayout } from '../app/layout/signed-in-layout.tsx';

/** Pages in this folder require sign-in. They are not rendered until the server has confirmed it. */
export const Route = createFileRoute('/_authenticated')({
  async beforeLoad({ context, location, preload }) {
    const [presence] = await Promise.all([context.gatehouse.presence({ background: preload }), loadSignedInMessages()]);
    if (!presence.signedIn) throw redirect({ href: loginPath({ next: location.href, reason: presence.reason }), replace: true });
  },
  component: SignedInLayout,
});
