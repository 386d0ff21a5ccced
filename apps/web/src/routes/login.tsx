import { safeNextPath } from '@gatehouse/contract';
import { useDocumentTitle } from '@mantine/hooks';
import { createFileRoute, redirect } from '@tanstack/react-router';
import { DoorLayout } from '../app/layout/door-layout.tsx';
import { LoginForm } from '../features/sign-in/login-form.tsx';
import { PageHeading } from '../shared/page-heading.tsx';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const Route = createFileRoute('/login')({
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined; reason?: string | undefined } => ({
    next: text(search['next']),
    reason: text(search['reason']),
  }),
  async beforeLoad({ context, search, preload }) {
    // Who is signed in has no business here. A server that does not answer says nothing: then the form is shown.
    const presence = await context.gatehouse.presence({ retry: false, background: preload }).catch(() => undefined);
    if (!presence?.signedIn) return;
    const next = safeNextPath(search.next);
    if (context.hasPage(next)) throw redirect({ href: next, replace: true });
    // A download leaves the page where it is, so first there must be one to be on.
    context.leaveFor(next);
    throw redirect({ to: '/', replace: true });
  },
  component: Login,
});

function Login() {
  useDocumentTitle('Sign in · Gatehouse');
  return (
    <DoorLayout>
      {/* The first field takes the focus here. */}
      <PageHeading takesFocus={false}>Sign in</PageHeading>
      <LoginForm reason={Route.useSearch().reason} />
    </DoorLayout>
  );
}
