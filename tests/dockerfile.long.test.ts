import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../prisma/testing/free-port.ts';
import { REDIS_AVAILABLE, startRedis } from '../packages/session/src/test-support/redis-server.ts';

const root = join(import.meta.dirname, '..');
const PASSWORD = 'correct horse battery';
/** Milliseconds that one step of the Dockerfile may take. A step that hangs fails the test, with what it has printed. */
const STEP_TIMEOUT = 240_000;

/** Instructions of a Dockerfile, with continued lines joined. */
const instructions = (text: string): { name: string; value: string }[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => {
      const [, name, value] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [{ name, value }];
    });

/** A folder with what `COPY . .` copies. */
function copyOfTheContext(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  const present = files.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
  const archive = execFileSync('tar', ['-c', '--null', '-T', '-'], { cwd: root, input: present.join('\0'), maxBuffer: 1024 ** 3 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  return folder;
}

/** Runs a step as `docker build` does, with the environment of this process: npm may need it to reach the registry. */
async function runStep(script: string, folder: string): Promise<void> {
  const step = spawn('sh', ['-c', script], {
    cwd: folder,
    env: { ...process.env, CI: 'true' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [step.stdout, step.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const { pid = 0 } = step;
  const killAll = setTimeout(() => process.kill(-pid, 'SIGKILL'), STEP_TIMEOUT);
  const [status, signal] = (await once(step, 'close')) as [number | null, string | null];
  clearTimeout(killAll);
  expect({ status, signal }, `RUN ${script}\n${output}`).toEqual({ status: 0, signal: null });
}

test.skipIf(!existsSync(join(root, '.git')))(
  'the steps of the Dockerfile give a small folder whose server and command line run',
  async () => {
    const folder = copyOfTheContext();
    const steps = instructions(readFileSync(join(folder, 'deploy/Dockerfile'), 'utf8'));
    const final = steps.findLastIndex(({ name }) => name === 'FROM');
    for (const { name, value } of steps.slice(0, final)) if (name === 'RUN') await runStep(value, folder);

    const megabytes = Number(execFileSync('du', ['-sm', 'node_modules'], { cwd: folder, encoding: 'utf8' }).split('\t')[0]);
    console.log(`node_modules of the image: ${megabytes} MB.`);
    expect(megabytes).toBeLessThan(300);
    for (const tool of ['vite', 'vitest', 'oxlint', 'playwright-core', 'prisma', 'typescript'])
      expect(existsSync(join(folder, 'node_modules', tool)), tool).toBe(false);

    const data = mkdtempSync(join(tmpdir(), 'gatehouse-image-data-'));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    const redis = REDIS_AVAILABLE ? await startRedis() : undefined;
    onTestFinished(() => redis?.stop());
    const variables = Object.fromEntries(
      steps
        .slice(final)
        .flatMap(({ name, value }) => (name === 'ENV' ? value.split(' ').map((pair) => pair.split('=') as [string, string]) : [])),
    );
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...variables,
      PORT: String(await freePort()),
      HOST: '127.0.0.1',
      GATEHOUSE_DATA_DIR: data,
      PUBLIC_URL: 'https://app.example',
      TRUST_PROXY: '1',
      SESSION_SECRET: 'mL8vR2xTq5zW9bK3nY7cF1hJ4gD6sP0e',
      SHUTDOWN_DRAIN: '0',
      ...(redis && { REDIS_URL: redis.url, SESSION_ENGINE: 'redis' }),
    };
    const gatehouse = (args: string[], input = '') => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['apps/cli/src/main.ts', ...args], {
        cwd: folder,
        env,
        input,
        encoding: 'utf8',
        timeout: 60_000,
      });
      expect(status, stdout + stderr).toBe(0);
      return stdout;
    };
    gatehouse(['migrate']);
    gatehouse(['createuser', 'ada', '--email', 'ada@app.example', '--role', 'admin', '--password-stdin'], `${PASSWORD}\n`);

    const [program, ...args] = JSON.parse(steps.findLast(({ name }) => name === 'CMD')?.value ?? '[]') as string[];
    expect(program).toBe('node');
    const server = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
    const exited = once(server, 'exit');
    onTestFinished(() => void server.kill('SIGKILL'));
    const url = `http://127.0.0.1:${env.PORT}`;
    await expect.poll(() => fetch(`${url}/readyz`).then(({ status }) => status, String), { timeout: 60_000 }).toBe(200);

    const [, check = '[]'] = /CMD (\[.*\])$/.exec(steps.find(({ name }) => name === 'HEALTHCHECK')?.value ?? '') ?? [];
    const [, ...checkArgs] = JSON.parse(check) as string[];
    expect(spawnSync(process.execPath, checkArgs, { env, encoding: 'utf8' })).toMatchObject({ status: 0 });

    const headers = { 'content-type': 'application/json', 'x-requested-with': 'XMLHttpRequest', 'x-forwarded-proto': 'https' };
    const body = JSON.stringify({ identifier: 'ada', password: PASSWORD });
    const signIn = await fetch(`${url}/trpc/auth.login`, { method: 'POST', headers, body });
    expect(signIn.status).toBe(200);
    const cookie = signIn.headers
      .getSetCookie()
      .map((pair) => pair.split(';', 1)[0])
      .join('; ');
    const me = await fetch(`${url}/trpc/auth.me`, { headers: { cookie, ...headers } });
    expect(await me.text()).toContain('"ada"');
    expect(await (await fetch(url)).text()).toContain('<title>');
    expect(gatehouse(['sessions', 'count'])).toContain('1');
    server.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  },
);
