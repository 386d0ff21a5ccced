import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '@gatehouse/prisma/testing';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { vi } from 'vitest';

/** The host name in the files of deploy/. */
export const DEPLOYED_HOST = 'app.example';

export interface DeployedProxy {
  /** Answers https for `DEPLOYED_HOST` at 127.0.0.1. */
  readonly port: number;
  /** The certificate authority that clients must trust, PEM. */
  readonly ca: string;
  /** What the proxy has logged so far. */
  readonly log: () => string;
  [Symbol.asyncDispose](): Promise<void>;
}

const fileOf = (name: string): string => readFileSync(join(import.meta.dirname, '../../../deploy', name), 'utf8');

/** Throws if the file no longer has the text, so that a test never runs another configuration than it says. */
function substitute(text: string, replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`The file has no ${JSON.stringify(from)}.`);
    return before.replaceAll(from, to);
  }, text);
}

interface Files {
  readonly folder: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  /** Ports of the two servers. */
  readonly servers: readonly [number, number];
  readonly compression: boolean;
}

const upstreams = ([one, other]: Files['servers']) =>
  [
    ['127.0.0.1:3000', `127.0.0.1:${one}`],
    ['127.0.0.1:3001', `127.0.0.1:${other}`],
  ] as const;

/** Runs deploy/nginx.conf as Debian's nginx.conf includes it. Only ports and certificates are substituted. */
async function nginx({ folder, port, certificate, key, servers, compression }: Files): Promise<ChildProcess> {
  const site = substitute(fileOf('nginx.conf'), [
    ...upstreams(servers),
    ['listen 443', `listen 127.0.0.1:${port}`],
    ['listen 80;', `listen 127.0.0.1:${await freePort()};`],
    ['/etc/ssl/app.example.pem', certificate],
    ['/etc/ssl/app.example.key', key],
    ...(compression ? ([['location / {', 'location / {\ngzip on; gzip_proxied any; gzip_types *;']] as const) : []),
  ]);
  writeFileSync(join(folder, 'site.conf'), site);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${user} daemon off; worker_processes 2; pid ${folder}/pid; error_log ${folder}/error.log; events {}
     http { access_log off; ${temporary} include ${folder}/site.conf; }`,
  );
  return spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Runs deploy/Caddyfile. Only ports and certificates are substituted: a real Caddy asks a certificate authority. */
async function caddy({ folder, port, certificate, key, servers, compression }: Files): Promise<ChildProcess> {
  const site = substitute(fileOf('Caddyfile'), [
    ...upstreams(servers),
    [
      `${DEPLOYED_HOST} {`,
      `${DEPLOYED_HOST}:${port} {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}\n${compression ? '\tencode {\n\t\tgzip\n\t\tminimum_length 1\n\t}\n' : ''}`,
    ],
  ]);
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
  return spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
}

/** `end`: on SIGTERM, Caddy waits for open connections. On SIGKILL, nginx would leave its workers behind. */
const PROXIES = {
  nginx: { start: nginx, version: '-v', end: 'SIGTERM' },
  caddy: { start: caddy, version: 'version', end: 'SIGKILL' },
} as const;

export type ProxyName = keyof typeof PROXIES;

/** The proxies that this machine has. Under CI a missing one fails the run. */
export function installedProxies(): ProxyName[] {
  return (Object.keys(PROXIES) as ProxyName[]).filter((name) => {
    const { error } = spawnSync(name, [PROXIES[name].version]);
    if (error && process.env['CI']) throw new Error(`THIS MACHINE LACKS ${name}: ${error.message}`);
    if (error) console.warn(`\nTHIS MACHINE LACKS ${name}. Tests that start it are skipped.\n`);
    return !error;
  });
}

/** Starts a proxy with its file of deploy/, in front of servers on these two ports. `compression`: of all kinds of responses. Default: none. */
export async function startDeployedProxy(
  name: ProxyName,
  servers: readonly [number, number],
  { compression = false }: { readonly compression?: boolean } = {},
): Promise<DeployedProxy> {
  const folder = mkdtempSync(join(tmpdir(), `gatehouse-${name}-`));
  const { ca, certificate, key } = makeCertificates(folder, { names: `DNS:${DEPLOYED_HOST}` });
  const port = await freePort();
  const child = await PROXIES[name].start({ folder, port, certificate, key, servers, compression });
  const exited = once(child, 'exit');
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended:\n${output}`);
      const socket = connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
      } finally {
        socket.destroy();
      }
    },
    { timeout: 60_000, interval: 50 },
  );
  return {
    port,
    ca: readFileSync(ca, 'utf8'),
    log: () => output + (existsSync(join(folder, 'error.log')) ? readFileSync(join(folder, 'error.log'), 'utf8') : ''),
    async [Symbol.asyncDispose]() {
      child.kill(PROXIES[name].end);
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
