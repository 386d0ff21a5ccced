import { expect, test } from 'vitest';
import { profileInputSchema } from './profile.ts';

const accepts = (name: string): boolean => profileInputSchema.safeParse({ name }).success;

test.each(['Zoë O’Neil-東京', '👩‍💻 dev', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'مرحبا', 'שלום', 'जयंत', '<b>=1+1</b>'])('%s is a name', (name) => {
  expect(accepts(name)).toBe(true);
});

test.each(['a\nb', 'a\u0000b', 'a\u0085b', 'a\u2028b', '\u202eevil\u202c', '\u2066x', '\u200fx', 'x\ud800'])(
  'security 35: %j would rewrite what is shown around it',
  (name) => {
    expect(accepts(name)).toBe(false);
  },
);

test.each(['', ' ', '\u200b', '\u00ad', '\u3164', '\u200d\ufe0f', 'x'.repeat(101)])(
  '%j is no name that can be seen, or too long',
  (name) => {
    expect(accepts(name)).toBe(false);
  },
);
