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
      lead="Every browser and program that is signed in as you. If you do not recognise one, end it and change your password."
    >
      <OwnSessionsCard />
    </Page>
  );
}
