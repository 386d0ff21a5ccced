import { createFileRoute } from '@tanstack/react-router';
import { ProfilePage } from '../../app/profile-page.tsx';

export const Route = createFileRoute('/_authenticated/profile')({
  staticData: { nav: { label: 'Profile', order: 2 } },
  component: ProfilePage,
});
