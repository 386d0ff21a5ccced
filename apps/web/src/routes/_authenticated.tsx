import { loginPath } from '@gatehouse/contract';
import { createFileRoute, redirect } from '@tanstack/react-router';
import { loadMessages } from '../i18n/language-store.ts';
import { SignedInLayout } from '../app/layout/signed-in-layout.tsx';

/** Pages in this folder require sign-in. They are not rendered until the server has confirmed it. */
export const Route = createFileRoute('/_authenticated')({
  // Not a file of its own, because every page needs it.
  codeSplitGroupings: [],
  async beforeLoad({ context, location, matches, preload }) {
    const [presence] = await Promise.all([
      context.gatehouse.presence({ background: preload }),
      loadMessages('signedIn'),
      matches.some(({ staticData }) => staticData.role === 'admin') && loadMessages('administration'),
    ]);
    if (!presence.signedIn) throw redirect({ href: loginPath({ next: location.href, reason: presence.reason }), replace: true });
  },
  component: SignedInLayout,
});
