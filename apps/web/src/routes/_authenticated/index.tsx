import { createFileRoute } from '@tanstack/react-router';
import { DashboardPage } from '../../app/dashboard-page.tsx';

export const Route = createFileRoute('/_authenticated/')({
  staticData: { nav: { label: 'Dashboard', order: 1 } },
  component: DashboardPage,
});
