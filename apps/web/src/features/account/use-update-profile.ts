import { trpc } from '@gatehouse/client/react';

type Options = NonNullable<Parameters<typeof trpc.account.updateProfile.useMutation>[0]>;

/** Stores my name, then shows it wherever it stands. */
export function useUpdateProfile({ onSuccess, onError }: Required<Pick<Options, 'onSuccess' | 'onError'>>) {
  const queries = trpc.useUtils();
  return trpc.account.updateProfile.useMutation({
    async onSuccess(...answer) {
      await onSuccess(...answer);
      await Promise.all([queries.auth.me.invalidate(), queries.account.recentActivity.invalidate()]);
    },
    onError,
  });
}
