import { createFileRoute } from '@tanstack/react-router';
import { OwnSessionsCard } from '../../features/sessions/own-sessions-card.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/sessions')({
  staticData: { nav: { label: 'Sessions', order: 3 } },
  component: Sessions,
});

function Sessions() {
  return (
    <Page
      title="Sessions"
      lead="Browsers and programs that are signed in to your account. If you don’t recognise one, end its session and change your password."
    >
      <OwnSessionsCard />
    </Page>
  );
}
