import { useGatehouse } from './provider.tsx';
import { trpc } from './trpc.ts';

/** Signs out, in every tab. Fails only if the server cannot be reached; the session then lives on. */
export function useLogout() {
  const { leave } = useGatehouse();
  return trpc.auth.logout.useMutation({ onSuccess: leave });
}
