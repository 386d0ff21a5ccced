import { errorReason, retryAfterSeconds } from '@gatehouse/client';
import { useLogin } from '@gatehouse/client/react';
import type { SubmitEvent } from 'react';

export function SignIn() {
  const login = useLogin();

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    login.mutate({ identifier: String(form.get('identifier')), password: String(form.get('password')) });
  };

  return (
    <form className="card" onSubmit={submit}>
      <h1>Sign in</h1>
      <label>
        User name or e-mail
        <input name="identifier" autoComplete="username" autoCapitalize="none" required autoFocus />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      {login.error && <p role="alert">{problem(login.error)}</p>}
      <button disabled={login.isPending}>{login.isPending ? 'Signing in…' : 'Sign in'}</button>
    </form>
  );
}

function problem(error: unknown): string {
  switch (errorReason(error)) {
    case 'INVALID_CREDENTIALS':
      return 'User name or password is wrong.';
    case 'TOO_MANY_ATTEMPTS':
      return `Too many attempts. Try again in ${retryAfterSeconds(error) ?? 'a few'} seconds.`;
    default:
      return 'The server could not sign you in. Try again.';
  }
}
