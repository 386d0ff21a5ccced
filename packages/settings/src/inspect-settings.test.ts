import { expect, test } from 'vitest';
import { inspectEnv } from './inspect-settings.ts';

const place = { projectRoot: '/project' };

test('what could be read is read, beside every problem of the rest', () => {
  const { settings, problems } = inspectEnv(
    { NODE_ENV: 'production', SESSION_SECRET: 'short', PORT: '99999', SESSION_ENGINE: 'redis', REDIS_URL: 'redis://cache.test' },
    place,
  );
  expect(problems.map(({ name }) => name).sort()).toEqual(['PORT', 'PUBLIC_URL', 'SESSION_SECRET']);
  expect(settings).toMatchObject({
    environment: 'production',
    session: { engine: 'redis', secrets: [] },
    server: { port: 3000 },
    redis: { url: 'redis://cache.test' },
  });
});

test('settings without a problem are those that a start gets', () => {
  const { settings, problems } = inspectEnv({ PORT: '4000' }, place);
  expect(problems).toEqual([]);
  expect(settings?.server.publicUrl).toBe('http://localhost:4000');
});
