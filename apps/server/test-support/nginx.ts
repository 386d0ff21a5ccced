import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { vi } from 'vitest';

/** Whether this machine has nginx. Without it, the tests that need it are skipped, and fail under CI. */
export function hasNginx(): boolean {
  const { error } = spawnSync('nginx', ['-v']);
  if (!error) return true;
  const text = `THIS MACHINE LACKS nginx, which the proxy tests start: ${error.message}`;
  if (process.env['CI']) throw new Error(`${text} Under CI a missing part fails the run.`);
  console.warn(`\n${text}\nThey are skipped.\n`);
  return false;
}

export interface Nginx {
  /** One for each set of directives, in the same order. */
  readonly urls: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts an nginx that proxies to `upstream`, with one port for each set of directives. */
export async function startNginx(upstream: string, directives: readonly string[]): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-nginx-'));
  const ports = await Promise.all(directives.map(() => freePort()));
  const servers = directives.map(
    (lines, index) =>
      `server { listen 127.0.0.1:${ports[index]}; location / { proxy_pass http://app; proxy_set_header Host $host; ${lines} } }`,
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    `${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
     http { access_log off; ${temporary} upstream app { server ${new URL(upstream).host}; keepalive 4; } ${servers.join('\n')} }`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended:\n${output}`);
      await fetch(`${urls[0]}/healthz`);
    },
    { timeout: 20_000, interval: 20 },
  );
  return {
    urls,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
