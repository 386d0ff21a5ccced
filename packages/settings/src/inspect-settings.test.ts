import { expect, test } from 'vitest';
import { inspectEnv } from './inspect-settings.ts';

const project = { projectRoot: '/project' };

test('valid settings are returned together with all problems', () => {
  const { settings, problems } = inspectEnv(
    { NODE_ENV: 'production', SESSION_SECRET: 'short', PORT: '99999', SESSION_ENGINE: 'redis', REDIS_URL: 'redis://cache.test' },
    project,
  );
  expect(problems.map(({ name }) => name).sort()).toEqual(['PORT', 'PUBLIC_URL', 'SESSION_SECRET']);
  expect(settings).toMatchObject({
    environment: 'production',
    session: { engine: 'redis', secrets: [] },
    server: { port: 3000 },
    redis: { url: 'redis://cache.test' },
  });
});

test('without problems, the settings are those of readSettings', () => {
  const { settings, problems } = inspectEnv({ PORT: '4000' }, project);
  expect(problems).toEqual([]);
  expect(settings?.server.publicUrl).toBe('http://localhost:4000');
});
