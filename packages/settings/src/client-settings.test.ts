import { expect, test } from 'vitest';
import { readClientSettings } from './client-settings.ts';

const read = (env: Record<string, string>) => readClientSettings(env, { home: '/home/ada' });

test('the default is the server on this machine', () => {
  expect(read({})).toEqual({ url: 'http://localhost:3000', configFolder: '/home/ada/.config/gatehouse', debug: false });
  expect(read({ PORT: '4000' }).url).toBe('http://localhost:4000');
});

test('GATEHOUSE_URL has precedence over PUBLIC_URL', () => {
  expect(read({ PUBLIC_URL: 'https://app.test' }).url).toBe('https://app.test');
  expect(read({ PUBLIC_URL: 'https://app.test/app/' }).url).toBe('https://app.test/app');
  expect(read({ PUBLIC_URL: 'https://app.test', GATEHOUSE_URL: 'https://other.test/' }).url).toBe('https://other.test');
});

test('a relative XDG_CONFIG_HOME is ignored, as the specification says', () => {
  expect(read({ XDG_CONFIG_HOME: '/config' }).configFolder).toBe('/config/gatehouse');
  expect(read({ XDG_CONFIG_HOME: 'config' }).configFolder).toBe('/home/ada/.config/gatehouse');
});

test('settings that only a server needs are not required', () => {
  expect(() => read({ NODE_ENV: 'production' })).not.toThrow();
  expect(() => read({ GATEHOUSE_URL: 'ftp://x' })).toThrow('GATEHOUSE_URL must be an http or https address.');
});
