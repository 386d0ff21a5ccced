import { useGatehouse } from './provider.tsx';
import { trpc } from './trpc.ts';

/** The password once more. A wrong one is an error with reason `WRONG_PASSWORD`, and changes nothing. */
export function useReauthenticate() {
  const { renew } = useGatehouse();
  return trpc.auth.reauthenticate.useMutation({ onSuccess: renew });
}
