import { useGatehouse } from './provider.tsx';
import { trpc } from './trpc.ts';

/** Signs in. A wrong password is an error with reason `INVALID_CREDENTIALS` and changes nothing. */
export function useLogin(): ReturnType<typeof trpc.auth.login.useMutation> {
  const { onLogin } = useGatehouse();
  return trpc.auth.login.useMutation({ onSuccess: onLogin });
}

/** Signs out in all tabs. Fails only if the server cannot be reached; the session then stays active. */
export function useLogout(): ReturnType<typeof trpc.auth.logout.useMutation> {
  const { onLogout } = useGatehouse();
  return trpc.auth.logout.useMutation({ onSuccess: onLogout });
}

/** Confirms the password. A wrong password is an error with reason `WRONG_PASSWORD` and changes nothing. */
export function useReauthenticate(): ReturnType<typeof trpc.auth.reauthenticate.useMutation> {
  const { onReauthenticate } = useGatehouse();
  return trpc.auth.reauthenticate.useMutation({ onSuccess: onReauthenticate });
}
