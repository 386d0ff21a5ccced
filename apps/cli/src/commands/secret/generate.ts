import { randomBytes } from 'node:crypto';
import { command, reporting } from '../../command.ts';

/** 256 bits, like the secret that a server generates for itself. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export const secretGenerate = () =>
  command('generate', {
    description: 'Print a new random secret, for SESSION_SECRET, PASSWORD_PEPPER or METRICS_TOKEN. Nothing is stored.',
    examples: [
      ['gatehouse secret generate', '43 characters, 256 bits'],
      ['gatehouse secret generate > new-secret', 'into a file, for `gatehouse secret rotate --secret-stdin` on several servers'],
    ],
  }).action(
    reporting(() => {
      const secret = newSecret();
      return Promise.resolve({ json: { secret }, lines: [secret] });
    }),
  );
