import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX } from '../test-support/visitor.ts';

let app: RunningApp;
const lines: { 'url.path'?: string; 'http.response.status_code'?: number; problem?: string }[] = [];

beforeAll(async () => {
  app = await runApp({ LOG_LEVEL: 'info' }, { logTo: { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) } });
});
afterAll(() => app.close());

test('the log gives the cause of every kind of 503, and the response does not', async () => {
  const browser = app.visitor();
  await browser.signIn();
  app.statements.before = () => {
    throw Object.assign(new Error('Invalid `prisma.session` invocation:\n\ndisk I/O error at sector 7'), { code: 'P1017' });
  };
  const answers = [
    await browser.fetch('/trpc/auth.me'),
    await app.visitor().fetch('/trpc/auth.login', {
      method: 'POST',
      body: JSON.stringify({ identifier: 'ada', password: 'whatever it is' }),
      headers: { ...AJAX, 'content-type': 'application/json' },
    }),
    await browser.fetch('/api/session', { headers: AJAX }),
    await browser.fetch('/readyz'),
  ];
  app.statements.before = () => undefined;
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
  for (const answer of answers) expect(await answer.text()).not.toMatch(/sector|prisma/);

  const paths = ['/trpc/auth.me', '/trpc/auth.login', '/api/session', '/readyz'];
  const failed = () => lines.filter((line) => line['http.response.status_code'] === 503);
  await vi.waitFor(() => expect(failed().map((line) => line['url.path'])).toEqual(paths));
  for (const { 'url.path': path, problem } of failed()) {
    expect(problem, path).toMatch(/disk I\/O error at sector 7$/);
    expect(problem, path).not.toMatch(/invocation|\n/);
  }
});

test('the log line of a successful request has no problem', async () => {
  lines.splice(0);
  const browser = app.visitor();
  await browser.signIn();
  await vi.waitFor(() => expect(lines.some((line) => line['url.path'] === '/trpc/auth.login')).toBe(true));
  expect(lines.filter(({ problem }) => problem !== undefined)).toEqual([]);
});
