import { safeNextPath } from '@gatehouse/contract';
import { useLogin } from '@gatehouse/client/tanstack';
import { createFileRoute, redirect } from '@tanstack/react-router';
import { LoginPage } from '../app/login-page.tsx';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const Route = createFileRoute('/login')({
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined; reason?: string | undefined } => ({
    next: text(search['next']),
    reason: text(search['reason']),
  }),
  async beforeLoad({ context, search, preload }) {
    // Signed-in users are redirected. If the server does not respond, show the form.
    const presence = await context.gatehouse.presence({ retry: false, background: preload }).catch(() => undefined);
    if (!presence?.signedIn) return;
    const next = safeNextPath(search.next);
    if (context.hasPage(next)) throw redirect({ href: next, replace: true });
    // A download does not replace the page, so show the home page first.
    context.openAfterNavigation(next);
    throw redirect({ to: '/', replace: true });
  },
  component: Login,
});

function Login() {
  return <LoginPage reason={Route.useSearch().reason} send={useLogin().mutateAsync} />;
}
