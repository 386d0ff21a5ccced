/** A change of a list of secrets. The first one signs (or hashes), all verify. */
export type Step = 'rotate' | 'stage' | 'activate' | 'retire';

const RESTART = 'Restart the server.';

/** What to do after a change, as in docs/deploying.md. `earlier`: number of secrets behind the first. */
export function nextSteps(step: Step, { name, earlier }: { readonly name: string; readonly earlier: number }): readonly string[] {
  const option = name === 'PASSWORD_PEPPER' ? ' pepper' : '';
  const then = (next: Step): string => `gatehouse secret rotate${option} --${next}`;
  const retireWhen =
    name === 'PASSWORD_PEPPER'
      ? 'When every account has signed in since then'
      : 'When the last session that the old secret signed has expired (SESSION_ABSOLUTE_AGE)';
  const retire = earlier === 0 ? [] : [`${retireWhen}: ${then('retire')}`];
  switch (step) {
    case 'rotate':
      return [
        RESTART,
        `If other servers share this secret, first put the old one in front again (${then('activate')}), give all of them both secrets, and restart them. Otherwise they refuse what this server signs.`,
        ...retire,
      ];
    case 'stage':
      return [
        `${RESTART} Do the same, with the same secret, on every other server.`,
        `When all of them have restarted: ${then('activate')}`,
      ];
    case 'activate':
      return [`${RESTART} Do the same on every other server.`, ...retire];
    case 'retire':
      return [RESTART];
  }
}
