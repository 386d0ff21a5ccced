import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runApp, type RunningApp } from '../test-support/running-app.ts';
import { temporaryFolder } from '../test-support/server-process.ts';
import { openStream } from '../test-support/stream.ts';
import { openSpa } from './spa.ts';

const TOKEN = 'a-token-for-prometheus';

/** The value of each sample by its name with labels, from the text format. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, name, value] = /^(\S+?(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`Not a sample: ${line}`);
      return [name, Number(value)];
    }),
  );
}

async function read(app: RunningApp, token = TOKEN) {
  const response = await app.visitor().fetch('/metrics', { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test('the metrics count what happens, and say nothing about a user', async () => {
  const app = await runApp({ METRICS_TOKEN: TOKEN, SIGN_IN_LIMIT_ACCOUNT: '2' });
  onTestFinished(() => app.close());
  const ada = app.visitor();
  expect((await ada.signIn()).status).toBe(200);
  const other = app.visitor();
  await other.signIn();
  await app.visitor().signIn('nobody', 'not the password');
  for (let attempt = 0; attempt < 4; attempt += 1) await app.visitor().signIn('root', 'not the password');
  const stream = await openStream(other);
  await stream.said({ kind: 'ready' });
  expect((await ada.mutate('sessions.revokeOthers')).status).toBe(200);
  await ada.mutate('auth.logout');
  const last = app.visitor();
  expect((await last.signIn()).status).toBe(200);

  // Events are counted after the request that caused them.
  await vi.waitFor(
    async () => {
      const samples = samplesOf((await read(app)).text);
      expect(Object.fromEntries(samples)).toMatchObject({
        gatehouse_active_sessions: 1,
        gatehouse_active_users: 1,
        'gatehouse_sign_ins_total{method="password"}': 3,
        'gatehouse_sign_in_failures_total{reason="unknown_account"}': 1,
        'gatehouse_sign_in_failures_total{reason="busy"}': 0,
        'gatehouse_sessions_ended_total{reason="revoked_by_owner"}': 1,
        'gatehouse_sessions_ended_total{reason="signed_out"}': 1,
        'gatehouse_refused_updates_total{reason="conflict"}': 0,
        gatehouse_open_streams: 0,
        gatehouse_audit_rows_dropped_total: 0,
        'gatehouse_password_attempts{state="running"}': 0,
        'gatehouse_password_attempts{state="waiting"}': 0,
        'gatehouse_engine_duration_seconds_count{operation="create"}': 3,
      });
      const [wrong = 0, throttled = 0] = ['wrong_password', 'throttled'].map((reason) =>
        samples.get(`gatehouse_sign_in_failures_total{reason="${reason}"}`),
      );
      expect(wrong + throttled).toBe(4);
      expect(throttled).toBeGreaterThan(0);
      expect(samples.get('gatehouse_lockouts_total')).toBeGreaterThan(0);
      expect(samples.get('gatehouse_engine_duration_seconds_count{operation="load"}')).toBeGreaterThan(1);
      expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 100 },
  );
  const { text, headers } = await read(app);
  expect(headers.get('content-type')).toContain('version=0.0.4');
  expect(headers.get('cache-control')).toBe('no-store');
  const { data } = await last.query('auth.me');
  for (const secret of ['ada', 'nobody', '127.0.0.1', data.user.id, data.session.handle]) expect(text).not.toContain(secret);
});

test('a write to a session that ended meanwhile, and a storage that fails, are counted', async () => {
  const app = await runApp({ METRICS_TOKEN: TOKEN });
  onTestFinished(() => app.close());
  const ada = app.visitor();
  await ada.signIn();
  const { session } = (await ada.query('auth.me')).data;
  const { record } = (await app.engine.find(session.handle))!;
  await app.engine.destroy(session.handle);
  expect(await app.engine.update(session.handle, { expectedVersion: record.version, timestamps: record })).toEqual({ status: 'gone' });
  app.statements.before = () => {
    throw new Error('broken');
  };
  await expect(app.engine.find(session.handle)).rejects.toThrow();
  const { status, text } = await read(app);
  app.statements.before = () => undefined;
  expect(status).toBe(200);
  const samples = samplesOf(text);
  expect(samples.get('gatehouse_refused_updates_total{reason="ended"}')).toBe(1);
  expect(samples.get('gatehouse_engine_errors_total{operation="find",reason="error"}')).toBe(1);
  // The number of sessions cannot be read now; the others can.
  expect(samples.has('gatehouse_active_sessions')).toBe(false);
});

test('without the token /metrics is 401; with a port of its own it is there only', async () => {
  const app = await runApp({ METRICS_TOKEN: TOKEN });
  onTestFinished(() => app.close());
  const refused = await read(app, 'another-token-of-nobody');
  expect(refused).toMatchObject({ status: 401, text: expect.stringContaining('METRICS_TOKEN') });
  expect(refused.headers.get('www-authenticate')).toContain('Bearer');
  expect((await app.visitor().fetch('/metrics')).status).toBe(401);

  const lines: { host?: string; port?: number }[] = [];
  const own = await runApp(
    { METRICS_PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info' },
    { logTo: { write: (line) => void lines.push(JSON.parse(line)) } },
  );
  onTestFinished(() => own.close());
  expect((await read(own)).status).toBe(404);
  const { port } = lines.find((line) => line.port !== undefined)!;
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(samplesOf(await response.text()).get('gatehouse_active_sessions')).toBe(0);
  expect((await fetch(`http://127.0.0.1:${port}/trpc/auth.me`)).status).toBe(404);
});

test('when off, /metrics is 404; so is every path that is no page of the web app', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'index.html'), '<!doctype html><title>Gatehouse</title>');
  await writeFile(join(folder.path, 'page-paths.json'), JSON.stringify(['/', '/login', '/accounts/$userId']));
  await mkdir(join(folder.path, 'assets'));
  const app = await runApp({}, { web: openSpa(folder.path) });
  onTestFinished(() => app.close());
  const status = async (path: string, accept: string) => {
    const response = await app.visitor().fetch(path, { headers: { accept } });
    return `${response.status} ${response.headers.get('content-type')?.split(';', 1)[0]}`;
  };
  for (const path of ['/metrics', '/wp-admin', '/api/v2', '/accounts/1/2', '/graphql']) {
    expect([path, await status(path, '*/*')]).toEqual([path, '404 application/json']);
  }
  for (const path of ['/', '/login', '/login/', '/accounts/usr_1'])
    expect([path, await status(path, '*/*')]).toEqual([path, '200 text/html']);
  // A person sees the page that says so.
  expect(await status('/nowhere', 'text/html,*/*;q=0.8')).toBe('404 text/html');
  expect(await status('/metrics', 'text/html')).toBe('404 application/json');
});
