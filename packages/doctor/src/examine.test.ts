import { expect, test } from 'vitest';
import { CHECKS } from './checks.ts';
import { examine } from './examine.ts';
import { findingsOf, readingOf, wrong } from './test-support/facts-of.ts';

test('ASVS 13.2.3, 13.3.1: invalid settings are reported with the other findings, and checks that depend on them are skipped', async () => {
  const findings = await examine(
    readingOf({
      NODE_ENV: 'production',
      SESSION_SECRET: 'keyboard cat',
      PUBLIC_URL: 'https://app.test',
      SESSION_ENGINE: 'redis',
      REDIS_URL: 'redis://:foobared@127.0.0.1:1',
      DATABASE_URL: 'mysql://root:password@127.0.0.1:1/gatehouse',
      TRUST_PROXY: '0.0.0.0/0',
    }),
  );
  expect(wrong(findings)).toEqual([
    'error settings',
    'error settings',
    'error database',
    'error redis',
    'warning credentials',
    'warning credentials',
  ]);
  expect(findingsOf(findings, 'session-secret')).toMatchObject([{ severity: 'skipped', found: expect.stringContaining('SESSION_SECRET') }]);
  expect(findingsOf(findings, 'trust-proxy')).toMatchObject([{ severity: 'skipped', found: expect.stringContaining('TRUST_PROXY') }]);
  expect(JSON.stringify(findings)).not.toMatch(/keyboard cat|foobared|root:password/);
});

test('if .env cannot be read, that is the only error and all checks are skipped', async () => {
  const problems = [{ name: '.env', problem: 'cannot be read (EACCES).', fix: 'Grant read permission.' }];
  const findings = await examine({ settings: undefined, problems });
  expect(wrong(findings)).toEqual(['error settings']);
  expect(findings).toHaveLength(1 + CHECKS.length);
});

test('every error and warning has a fix', async () => {
  const findings = await examine(
    readingOf({ SESSION_ENGINE: 'redis', REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'postgresql://127.0.0.1:1/x' }),
  );
  expect(wrong(findings)).toEqual(['error database', 'error redis']);
  for (const finding of findings) if ('fix' in finding) expect(finding.fix).toMatch(/^[A-Z].{5,}/);
});
