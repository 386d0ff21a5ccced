import { useGatehouse } from './provider.tsx';
import { trpc } from './trpc.ts';

/** Signs in. A wrong password is an error with reason `INVALID_CREDENTIALS`, and changes nothing else. */
export function useLogin() {
  const { enter } = useGatehouse();
  return trpc.auth.login.useMutation({ onSuccess: enter });
}
