import type { AdminStats } from '@gatehouse/contract';
import { parseUserAgent } from '../../shared/device.ts';

export interface Share {
  /** null: unknown; 'other': all that are not among the most frequent. */
  readonly name: string | null | { readonly isOther: true };
  readonly sessions: number;
}

const MAX_SHARES = 6;

/** Sessions by browser or by system, most frequent first. */
export function sharesOf({ counts }: NonNullable<AdminStats['browsers']>, part: 'program' | 'system'): readonly Share[] {
  const sessionsByName = new Map<string | null, number>();
  for (const { userAgent, sessions } of counts) {
    const name = parseUserAgent(userAgent)[part] ?? null;
    sessionsByName.set(name, (sessionsByName.get(name) ?? 0) + sessions);
  }
  const all = [...sessionsByName].map(([name, sessions]) => ({ name, sessions })).toSorted((a, b) => b.sessions - a.sessions);
  if (all.length <= MAX_SHARES) return all;
  const others = all.slice(MAX_SHARES - 1).reduce((sum, { sessions }) => sum + sessions, 0);
  return [...all.slice(0, MAX_SHARES - 1), { name: { isOther: true }, sessions: others }];
}
