import { inspectEnv } from '@gatehouse/settings';
import type { Finding } from '../check.ts';
import { CHECKS } from '../checks.ts';
import type { Facts } from '../facts/facts.ts';

export type TestEnv = Readonly<Record<string, string>>;

export const PRODUCTION: TestEnv = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://app.test',
  TRUST_PROXY: '1',
  SESSION_SECRET: 'hV3tq8Zk1rX0bN7mC5wE9yU2iO6pA4sD',
};

export const readingOf = (env: TestEnv) => inspectEnv(env, { projectRoot: '/project' });

/** An installation with these valid settings, about which only the given facts are known. */
export function factsOf(env: TestEnv, given: Partial<Facts> = {}): Facts {
  const { settings, problems } = readingOf(env);
  if (!settings || problems.length > 0) throw new Error(JSON.stringify(problems));
  return {
    settings,
    now: Date.parse('2027-01-01'),
    nodeVersion: '24.21.0',
    isClusterWorker: false,
    files: { open: [], disk: undefined, otherProcesses: undefined },
    database: { status: 'unreachable', problem: 'it does not exist.' },
    redis: { status: 'unused' },
    ...given,
  };
}

/** The verdicts of one check. */
export function judge(id: string, facts: Facts) {
  const check = CHECKS.find((known) => known.id === id);
  if (!check) throw new Error(`There is no check ${id}.`);
  return [check.judge(facts)].flat();
}

export const findingsOf = (findings: readonly Finding[], id: string): Finding[] => findings.filter(({ check }) => check === id);

/** `severity check` of each error and warning. */
export const wrong = (findings: readonly Finding[]): string[] =>
  findings.filter(({ severity }) => severity === 'error' || severity === 'warning').map(({ severity, check }) => `${severity} ${check}`);
