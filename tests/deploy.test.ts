import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createMetricsRegistry } from '../packages/server/src/metrics-registry.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, 'deploy', file), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const settings = new Set([...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name));

/** Whether this machine has the program. Without it the test is skipped, and fails under CI. */
function has(program: string): boolean {
  const { error } = spawnSync(program, ['--version']);
  if (!error) return true;
  if (process.env['CI']) throw new Error(`THIS MACHINE LACKS ${program}: ${error.message}`);
  console.warn(`\nTHIS MACHINE LACKS ${program}. Its test is skipped.\n`);
  return false;
}

async function existingMetrics(): Promise<Set<string>> {
  const metrics = await createMetricsRegistry();
  metrics.addSources({
    count: () => Promise.resolve({ sessions: 0, users: 0 }),
    openStreams: () => 0,
    attempts: () => ({ running: 0, waiting: 0 }),
    droppedAuditRows: () => 0,
  });
  metrics.addNearCache(() => ({ hits: 0, misses: 0, sessions: 0 }));
  const text = await metrics.registry.metrics();
  return new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ),
  );
}

test('the dashboard and the alerts ask only for metrics that exist, and the dashboard shows all of ours', async () => {
  const existing = await existingMetrics();
  const dashboard = JSON.parse(read('grafana-dashboard.json')) as { panels: { id: number; targets: { expr: string }[] }[] };
  const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
  const asked = [...`${shown}\n${read('alerts.yaml')}`.matchAll(/\b(?:gatehouse|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((name) => !existing.has(name))).toEqual([]);
  const families = new Set(
    [...existing].filter((name) => name.startsWith('gatehouse_')).map((name) => name.replace(/_(?:bucket|sum|count)$/, '')),
  );
  expect([...families].filter((name) => !shown.includes(name))).toEqual([]);
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the page of metrics lists exactly our metrics', async () => {
  const page = readFileSync(join(root, 'apps/docs/guide/metrics.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `(gatehouse_\w+)`/gm)].map(([, name]) => name);
  const families = [...(await existingMetrics())]
    .filter((name) => name.startsWith('gatehouse_'))
    .map((name) => name.replace(/_(?:bucket|sum|count)$/, ''));
  expect(new Set(listed)).toEqual(new Set(families));
  expect(listed.length).toBe(new Set(listed).size);
});

test.skipIf(!has('promtool'))('Prometheus accepts the alerts, and they fire on what they are for', () => {
  const rules = join(root, 'deploy/alerts.yaml');
  const check = spawnSync('promtool', ['check', 'rules', rules], { encoding: 'utf8' });
  expect(`${check.stdout}${check.stderr}`).toContain('SUCCESS');
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-alerts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const series = (name: string, values: string) => ({ series: name, values });
  const firing = (alertname: string, at: string, labels: object) => ({ alertname, eval_time: at, exp_alerts: [{ exp_labels: labels }] });
  // YAML is a superset of JSON. promtool compares the annotations too, so the rules are tested without them.
  writeFileSync(join(folder, 'rules.yaml'), read('alerts.yaml').replaceAll(/^ {8}annotations:\n(?: {10}.*\n?)+/gm, ''));
  const tests = {
    rule_files: [join(folder, 'rules.yaml')],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          series('up{job="gatehouse",instance="a"}', '1 0x10'),
          series('gatehouse_engine_errors_total{operation="load",reason="unavailable"}', '0+60x10'),
          series('gatehouse_sign_in_failures_total{reason="wrong_password"}', '0+120x20'),
          series('gatehouse_sign_ins_total{method="password"}', '0+1x20'),
          series('nodejs_eventloop_lag_p99_seconds{job="gatehouse",instance="a"}', '0.01x20'),
        ],
        alert_rule_test: [
          firing('GatehouseDown', '5m', { severity: 'critical', job: 'gatehouse', instance: 'a' }),
          firing('GatehouseStorageUnavailable', '8m', { severity: 'critical', operation: 'load' }),
          firing('GatehouseSignInFailures', '15m', { severity: 'warning' }),
          { alertname: 'GatehouseEventLoopBlocked', eval_time: '15m', exp_alerts: [] },
          { alertname: 'GatehouseStorageErrors', eval_time: '15m', exp_alerts: [] },
        ],
      },
    ],
  };
  writeFileSync(join(folder, 'tests.yaml'), JSON.stringify(tests));
  const tried = spawnSync('promtool', ['test', 'rules', join(folder, 'tests.yaml')], { encoding: 'utf8' });
  expect(`${tried.stdout}${tried.stderr}`).toContain('SUCCESS');
});

test('the Dockerfile copies and runs only what exists, and does not run as root', () => {
  const text = read('Dockerfile');
  const sources = [...text.matchAll(/^COPY (?!--from)(\S+) /gm)].map(([, source = '']) => source);
  expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
  const named = [...text.matchAll(/pnpm@12 run (\S+)/g)].map(([, script = '']) => script);
  expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(text) ?? [];
  const [program, file = ''] = JSON.parse(command) as string[];
  expect([program, existsSync(join(root, file))]).toEqual(['node', true]);
  expect(text.match(/^USER (.*)$/m)?.[1]).toBe('node');
  expect(text).toMatch(/^HEALTHCHECK .*\n {2}CMD \["node", "-e", ".*\/healthz.*"\]$/m);
  // Nothing of this machine goes into the image: neither secrets nor what was built for another system.
  for (const ignored of ['**/node_modules', '**/.env', '**/*.env', 'data', '**/.git'])
    expect(read('Dockerfile.dockerignore').split('\n')).toContain(ignored);
  const variables =
    /^ENV (NODE_ENV.*)$/m
      .exec(text)?.[1]
      ?.split(' ')
      .map((pair) => pair.split('=', 1)[0]) ?? [];
  expect(variables.filter((name) => !settings.has(name))).toEqual([]);
});

test('compose.yaml names only settings, files and addresses that exist', () => {
  const text = read('compose.yaml');
  const block = /environment: &environment\n((?: {4}.*\n)+)/.exec(text)?.[1] ?? '';
  const variables = [...block.matchAll(/^ {4}([A-Z_]+):/gm)].map(([, name]) => name);
  expect(variables.length).toBeGreaterThan(4);
  expect(variables.filter((name) => !settings.has(name))).toEqual([]);
  const files = [...text.matchAll(/'\.\/(\w+):\//g)].map(([, file = '']) => file);
  expect(files).toEqual(['Caddyfile']);
  const [, from = '-', to] = /sed "s\/(.+?)\/(.+?)\/"/.exec(text) ?? [];
  expect(read('Caddyfile')).toContain(from);
  for (const server of (to ?? '').split(' ')) expect(text).toContain(`  ${server.split(':', 1)[0]}:\n    <<: *server`);
});

test.skipIf(!has('caddy'))('Caddy accepts its file', () => {
  const file = join(root, 'deploy', 'Caddyfile');
  const { stdout } = spawnSync('caddy', ['validate', '--config', file, '--adapter', 'caddyfile'], { encoding: 'utf8' });
  expect(stdout).toContain('Valid configuration');
});

test.skipIf(!has('systemd-analyze'))('systemd accepts the units', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-unit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'gatehouse@3000.service');
  writeFileSync(file, read('gatehouse@.service').replaceAll('/srv/gatehouse', root));
  const socket = join(folder, 'gatehouse@3000.socket');
  writeFileSync(socket, read('gatehouse@.socket'));
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', file, socket], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('gatehouse@'))).toEqual([]);
  const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(read('gatehouse@.service')) ?? [];
  // The defaults of SHUTDOWN_DRAIN, three times, and SHUTDOWN_GRACE.
  expect(Number(seconds)).toBeGreaterThan(3 * 5 + 10);
});

test('docs/deploying.md and the page about proxies point to the files, and name the same settings', () => {
  const page = readFileSync(join(root, 'docs/deploying.md'), 'utf8');
  for (const file of [
    'nginx.conf',
    'Caddyfile',
    'Dockerfile',
    'compose.yaml',
    'gatehouse@.service',
    'gatehouse@.socket',
    'alerts.yaml',
    'grafana-dashboard.json',
  ])
    expect(page).toContain(`(../deploy/${file})`);
});
