import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { foreignFolder, npmSettings, type ForeignFolder } from './foreign-folder.ts';

// What `npm create gatehouse` writes, tried as its user would: from the tarballs, with npm.

export interface CreatedApp extends ForeignFolder {
  /** Of `npm create gatehouse`. */
  readonly output: string;
}

interface CreateOptions {
  /** The tarball of create-gatehouse. */
  readonly tarball: string;
  readonly registryUrl: string;
  readonly args: readonly string[];
  /** The program. @default the one that runs this */
  readonly node?: string;
}

type Env = Readonly<Record<string, string>>;

/** An app in a new folder, installed by create-gatehouse itself unless `args` forbid it. */
export async function createApp({ tarball, registryUrl, args, node }: CreateOptions): Promise<CreatedApp> {
  const parent = foreignFolder(mkdtempSync(join(tmpdir(), 'gatehouse-created-')), node);
  try {
    const config = join(parent.path, 'npmrc');
    const own = join(homedir(), '.npmrc');
    writeFileSync(config, `${existsSync(own) ? readFileSync(own, 'utf8') : ''}\n${npmSettings(registryUrl)}`);
    const env = { NPM_CONFIG_USERCONFIG: config };
    const command = ['exec', '--yes', `--package=${tarball}`, '--', 'create-gatehouse', 'app', ...args, '--yes'];
    const output = await parent.run('npm', command, env);
    const app = foreignFolder(join(parent.path, 'app'));
    return { ...app, output, run: (program, list, more) => app.run(program, list, { ...env, ...more }), remove: parent.remove };
  } catch (error) {
    parent.remove();
    throw error;
  }
}

/** Its own checks, and what it has told its user to do. */
export async function checkCreatedApp(app: CreatedApp): Promise<void> {
  assert.match(app.output, /npm run add-user -- ada ada@example\.com/);
  await app.run('npm', ['run', 'typecheck']);
  await app.run('npm', ['test']);
}

/** Adds a user and signs in to `file`, running as a server. */
export async function tryToSignIn(app: CreatedApp, { file, env = {}, page }: { file: string; env?: Env; page?: RegExp }): Promise<void> {
  const username = `ada-${file.replaceAll(/\W/g, '')}`.slice(0, 30);
  const output = await app.run('npm', ['run', 'add-user', '--', username, `${username}@example.com`], env);
  const password = /this once: (\S+)/.exec(output)?.[1] ?? assert.fail(output);
  const { url, stop } = await app.serve(file, env);
  try {
    const headers = { 'content-type': 'application/json', 'x-requested-with': 'XMLHttpRequest' };
    const body = JSON.stringify({ identifier: username, password });
    assert.equal((await fetch(`${url}/trpc/greeting`, { headers })).status, 401);
    const login = await fetch(`${url}/trpc/auth.login`, { method: 'POST', headers, body });
    assert.equal(login.status, 200, await login.clone().text());
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const greeting = (await (await fetch(`${url}/trpc/greeting`, { headers: { ...headers, cookie } })).json()) as { result?: unknown };
    assert.deepEqual(greeting.result, { data: { text: `Hello ${username}`, team: 'Everyone' } });
    if (page) assert.match(await (await fetch(`${url}/any/page`, { headers: { accept: 'text/html' } })).text(), page);
    assert.equal(await stop(), 0, 'It must handle SIGTERM.');
  } finally {
    await stop();
  }
}

/** Gives the installed packages of one app to another, whose own install then only adds what is missing. */
export async function installFrom(other: CreatedApp, app: CreatedApp): Promise<void> {
  renameSync(join(other.path, 'node_modules'), join(app.path, 'node_modules'));
  await app.run('npm', ['install']);
}
