import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation, type Installation } from '../../test-support/temporary-installation.ts';

let installation: Installation;
beforeEach(() => {
  installation = temporaryInstallation();
});
afterEach(() => installation.remove());

const doctor = (args: readonly string[] = [], env: Record<string, string> = {}) =>
  runCli(['doctor', ...args], { env: { ...installation.env, ...env } });

test('a new installation has no problems, and doctor does not change it', async () => {
  const { code, stdout, stderr } = await doctor(['--strict']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^ok {7}settings /);
  expect(stdout).toMatch(/^skipped {2}redis, redis-clock, .*: Redis is not used/m);
  expect(stdout).toContain('No problems found');
  expect(existsSync(join(installation.folder, 'data'))).toBe(false);
});

test('F-21: a database with pending migrations is a warning, which fails with --strict', async () => {
  mkdirSync(join(installation.folder, 'data'), { mode: 0o700 });
  writeFileSync(join(installation.folder, 'data', 'gatehouse.db'), '', { mode: 0o600 });
  const notStrict = await doctor();
  expect(notStrict.code).toBe(0);
  expect(notStrict.stdout).toMatch(/^warning {2}migrations +Not applied yet: .*\n +→ Run gatehouse migrate/);
  expect((await doctor(['--strict'])).code).toBe(1);
});

test('ASVS 13.2.3, 13.3.1: invalid settings and unreachable services are all reported at once, without secrets, with exit code 1', async () => {
  const { code, stdout, stderr } = await doctor([], {
    NODE_ENV: 'production',
    SESSION_SECRET: 'keyboard cat',
    PUBLIC_URL: 'https://app.test',
    SESSION_ENGINE: 'redis',
    REDIS_URL: 'redis://:s3cret@127.0.0.1:1',
  });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const errors = stdout.split('\n').filter((line) => line.startsWith('error'));
  expect(errors).toEqual([
    expect.stringMatching(/settings +SESSION_SECRET has 12 characters/),
    expect.stringMatching(/settings +TRUST_PROXY must be set: .* no cookie could be set/),
    // On a busy machine, the time limit of the checks can pass before the connection is given up.
    expect.stringMatching(/redis +(?:Redis at .*: no server listens there|there was no answer)/),
  ]);
  expect(stdout).toMatch(/^3 errors, /m);
  expect(stdout).not.toMatch(/keyboard cat|s3cret/);
});

test.each([
  [{}, 0, /^GATEHOUSE OK - no problems found \| errors=0;;0 warnings=0;0\n$/],
  [{ SESSION_ENGINE: 'memory' }, 1, /^GATEHOUSE WARNING - session-engine: .* \| errors=0;;0 warnings=1;0\nwarning session-engine: .*\n$/],
  [
    { SESSION_COOKIE_PATH: '/app', SESSION_ENGINE: 'memory' },
    2,
    /^GATEHOUSE CRITICAL - cookie: .* \| errors=1;;0 warnings=1;0\nerror cookie: /,
  ],
])('--monitoring speaks as monitoring plugins do: %j gives exit code %d', async (env, code, output) => {
  const result = await doctor(['--monitoring'], env);
  expect(result).toMatchObject({ code, stderr: '' });
  expect(result.stdout).toMatch(output);
  expect((await doctor(['--monitoring', '--json'], env)).code).toBe(code);
});

test('--json prints each finding with its fix or null, and counts findings by severity', async () => {
  const result = await doctor(['--json'], { SESSION_COOKIE_PATH: '/app', SESSION_COOKIE_AGE: '99999999' });
  expect(result.code).toBe(1);
  const { findings, summary } = result.json() as { findings: Record<string, unknown>[]; summary: Record<string, number> };
  expect(findings[0]).toEqual({
    check: 'cookie',
    severity: 'error',
    found: expect.stringContaining('/trpc'),
    mend: expect.stringContaining('SESSION_COOKIE_PATH'),
  });
  expect(findings.find(({ check }) => check === 'settings')).toMatchObject({ severity: 'ok', mend: null });
  expect(summary).toMatchObject({ error: 1, warning: 1 });
  expect(Object.values(summary).reduce((sum, count) => sum + count)).toBe(findings.length);
});
