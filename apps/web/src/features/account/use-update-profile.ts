import { trpc } from '@gatehouse/client/react';

/** Stores my name, then shows it wherever it stands. */
export function useUpdateProfile() {
  const queries = trpc.useUtils();
  return trpc.account.updateProfile.useMutation({
    onSuccess: () => Promise.all([queries.auth.me.invalidate(), queries.account.recentActivity.invalidate()]),
  });
}
