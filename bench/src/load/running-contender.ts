import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import type { Contender } from '../contender.ts';
import { startProcess, type MeasuredProcess } from '../measuring/measured-process.ts';
import { requestText } from './request-text.ts';

export const ROOT = join(import.meta.dirname, '../../..');
const START_MS = 20_000;

export interface RunningContender {
  readonly contender: Contender;
  readonly port: number;
  readonly process: MeasuredProcess;
  /** Values of the `Cookie` header, each of another session. */
  readonly cookies: readonly string[];
  /** Requests for `auth.me`, each of another session. */
  readonly me: (connections: number) => readonly string[];
  readonly signIn: (connections: number) => readonly string[];
}

/** Starts the server and signs in once for each connection. */
export async function startContender(contender: Contender, connections: number, profileInto?: string): Promise<RunningContender> {
  const port = await freePort();
  const server = startProcess({ entry: resolve(ROOT, contender.entry), env: contender.env(port), profileInto });
  const cookies: string[] = [];
  const deadline = performance.now() + START_MS;
  let hasExited = false;
  void server.exited.then(() => (hasExited = true));
  while (cookies.length < connections) {
    const cookie = await signIn(contender, port).catch((error: unknown) => error as Error);
    if (typeof cookie === 'string') cookies.push(cookie);
    else if (hasExited || performance.now() > deadline)
      throw new Error(`${contender.name} did not start: ${cookie.message}\n${server.output()}`);
    else await pause(50);
  }
  return {
    contender,
    port,
    process: server,
    cookies,
    me: (count) => cookies.slice(0, count).map((cookie) => requestText({ ...contender.me, headers: { cookie } }, port)),
    signIn: (count) => Array.from({ length: count }, () => requestText(contender.signIn, port)),
  };
}

/** Returns the value of the `Cookie` header. @throws if the server is not ready or refuses */
export async function signIn({ signIn: { method, path, body } }: Contender, port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'x-requested-with': 'XMLHttpRequest', origin: `http://127.0.0.1:${port}` },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const cookies = response.headers.getSetCookie().map((header) => header.split(';', 1)[0]);
  if (!response.ok || cookies.length === 0) throw new Error(`The sign-in was answered with ${response.status}: ${text.slice(0, 300)}`);
  return cookies.join('; ');
}
