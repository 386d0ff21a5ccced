import type { AppRouter } from '@gatehouse/api';
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { TRPCClientErrorLike } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { useGatehouse } from './gatehouse-context.ts';

type Inputs = inferRouterInputs<AppRouter>['auth'];
type Outputs = inferRouterOutputs<AppRouter>['auth'];
type AuthMutation<Name extends keyof Inputs> = UseMutationResult<Outputs[Name], TRPCClientErrorLike<AppRouter>, Inputs[Name]>;

/** Signs in. A wrong password is an error with reason `INVALID_CREDENTIALS` and changes nothing. */
export function useLogin(): AuthMutation<'login'> {
  const { trpcClient, onLogin } = useGatehouse();
  return useMutation({ mutationKey: [['auth', 'login']], mutationFn: (input) => trpcClient.auth.login.mutate(input), onSuccess: onLogin });
}

/** Signs out in all tabs. Fails only if the server cannot be reached; the session then stays active. */
export function useLogout(): AuthMutation<'logout'> {
  const { trpcClient, onLogout } = useGatehouse();
  return useMutation({ mutationKey: [['auth', 'logout']], mutationFn: () => trpcClient.auth.logout.mutate(), onSuccess: onLogout });
}

/** Confirms the password. A wrong password is an error with reason `WRONG_PASSWORD` and changes nothing. */
export function useReauthenticate(): AuthMutation<'reauthenticate'> {
  const { trpcClient, onReauthenticate } = useGatehouse();
  return useMutation({
    mutationKey: [['auth', 'reauthenticate']],
    mutationFn: (input) => trpcClient.auth.reauthenticate.mutate(input),
    onSuccess: onReauthenticate,
  });
}
