import { createFileRoute } from '@tanstack/react-router';
import { AdminPage } from '../../app/admin-page.tsx';

export const Route = createFileRoute('/_authenticated/admin')({
  staticData: { nav: { label: 'Admin', order: 3 }, role: 'admin' },
  component: AdminPage,
});
