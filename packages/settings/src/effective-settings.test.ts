import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { effectiveSettings } from './effective-settings.ts';
import type { Env } from './read-settings.ts';
import { sessionSecrets } from './session-secrets.ts';
import { SETTINGS_TABLE } from './settings-table.ts';

const SECRET = 'hV3tq8Zk1rX0bN7mC5wE9yU2iO6pA4sD';

const look = (environment: Env = {}, file: Env = {}, projectRoot = '/project') =>
  effectiveSettings({ environment, file }, { envFile: '/project/.env', projectRoot, home: '/home/ada' });

const settingOf = ({ settings }: ReturnType<typeof look>, name: string) => settings.find((one) => one.name === name);

test('every setting has a row, and nothing is set in a new installation', () => {
  const { settings, problems, similarNames } = look();
  expect(settings.map(({ name }) => name)).toEqual(SETTINGS_TABLE.map(({ name }) => name));
  expect(settings.filter(({ source }) => source === 'environment' || source === '.env')).toEqual([]);
  expect([...problems, ...similarNames]).toEqual([]);
});

test('the environment has precedence over .env, and both over the default', () => {
  const found = look({ PORT: '4000', SESSION_COOKIE_AGE: '60' }, { PORT: '5000', SESSION_FRESH_AGE: '30', SESSION_COOKIE_AGE: '60' });
  expect(settingOf(found, 'PORT')).toMatchObject({ value: '4000', source: 'environment', overridesFile: true });
  expect(settingOf(found, 'SESSION_COOKIE_AGE')).toMatchObject({ value: '60', source: 'environment', overridesFile: false });
  expect(settingOf(found, 'SESSION_FRESH_AGE')).toMatchObject({ value: '30', source: '.env' });
  expect(settingOf(found, 'SESSION_ENGINE')).toMatchObject({ value: 'db', source: 'default' });
});

test('an empty value in the environment overrides .env, and the default applies', () => {
  expect(settingOf(look({ PORT: '' }, { PORT: '5000' }), 'PORT')).toMatchObject({ value: '3000', source: 'default', overridesFile: true });
});

test('a derived default shows its value', () => {
  const found = look({
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://app.test',
    TRUST_PROXY: '1',
    SESSION_SECRET: SECRET,
    DATABASE_URL: 'file:/srv/a/app.db',
  });
  for (const [name, value] of [
    ['HOST', '0.0.0.0'],
    ['SHUTDOWN_DRAIN', '5'],
    ['GATEHOUSE_DATA_DIR', '/srv/a'],
    ['SESSION_COOKIE_NAME', '__Host-sessionid'],
    ['GATEHOUSE_URL', 'https://app.test'],
  ])
    expect(settingOf(found, name ?? '')).toMatchObject({ value, source: 'derived' });
  expect(settingOf(found, 'SESSION_COOKIE_SECURE')?.value).toBe('auto (true)');
  expect(settingOf(found, 'REDIS_URL')).toMatchObject({ value: null, source: 'default' });
});

test('the generated secret is named, not shown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const found = () => settingOf(look({ GATEHOUSE_DATA_DIR: folder }), 'SESSION_SECRET')?.value;
  expect(found()).toBe(`generated at the first start, in ${folder}/session-secret`);
  const [secret] = sessionSecrets({ dataFolder: folder, session: { secrets: [] } });
  expect(found()).toBe(`set (${secret.length} characters), in ${folder}/session-secret`);
});

test('ASVS 13.3.1: no secret is shown, also of settings that are invalid', () => {
  const found = look(
    { SESSION_SECRET: `${SECRET},${SECRET}x`, PASSWORD_PEPPER: 'keyboard cat', METRICS_TOKEN: 'tok3n' },
    { DATABASE_URL: 'oracle://app:hunter2@db.test/site', REDIS_URL: 'redis://:hunter2@db.test', SESSION_ADOPT_SECRET: 'hunter2' },
  );
  expect(JSON.stringify(found)).not.toMatch(/hunter2|keyboard|tok3n|hV3tq8/);
  expect(settingOf(found, 'SESSION_SECRET')?.value).toBe('2 secrets, set (32 characters), set (33 characters)');
  const redis = settingOf(found, 'SESSION_ADOPT_REDIS_URL');
  expect(redis).toMatchObject({ value: 'redis://:…@db.test', source: 'derived' });
  expect(settingOf(found, 'REDIS_URL')).toMatchObject({ value: 'redis://:…@db.test', source: '.env' });
  expect(found.problems.map(({ name }) => name)).toContain('DATABASE_URL');
});

test('every setting whose name says that it is secret is hidden, and every URL of a storage loses its password', () => {
  for (const { name, hide } of SETTINGS_TABLE) {
    if (/SECRET|TOKEN|PEPPER|PASSWORD/.test(name))
      expect({ name, hide }).toEqual({ name, hide: expect.stringMatching(/^secrets?$/) as string });
    if (name.endsWith('_URL') && !/^(PUBLIC|GATEHOUSE)_URL$/.test(name)) expect({ name, hide }).toEqual({ name, hide: 'url' });
  }
});

test('a name in the environment that resembles a setting is pointed out', () => {
  expect(look({ PASSWORD_PEPER: 'x', DATABASE_URL2: 'x', PORTS: '1' }).similarNames).toEqual([
    { name: 'PASSWORD_PEPER', problem: 'is not a setting.', fix: 'Did you mean PASSWORD_PEPPER?' },
    { name: 'DATABASE_URL2', problem: 'is not a setting.', fix: 'Did you mean DATABASE_URL?' },
  ]);
});
