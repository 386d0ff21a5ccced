import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { AJAX_HEADER, AJAX_HEADER_VALUE } from '@gatehouse/contract';
import { vi } from 'vitest';
import { DEPLOYED_HOST, type DeployedProxy } from './deployed-proxy.ts';

interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly cookie?: string | undefined;
  readonly body?: object;
  readonly accept?: string;
}

/** Sends requests through a proxy like a browser: over TLS, on connections that stay open. */
export function proxyClient({ port, ca }: Pick<DeployedProxy, 'port' | 'ca'>) {
  const agent = new Agent({ keepAlive: true, host: '127.0.0.1', port, ca, servername: DEPLOYED_HOST });

  const open = ({ method = 'GET', path, cookie, body, accept = 'application/json' }: Call): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = {
        host: DEPLOYED_HOST,
        accept,
        [AJAX_HEADER]: AJAX_HEADER_VALUE,
        ...(body && { 'content-type': 'application/json' }),
        ...(cookie !== undefined && { cookie }),
      };
      request({ agent, host: '127.0.0.1', port, method, path, headers }, resolve)
        .on('error', reject)
        .end(body && JSON.stringify(body));
    });

  /** @returns status, text and the session cookie. @throws if the response is cut off. */
  async function call(options: Call) {
    const response = await open(options);
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const cookies = (response.headers['set-cookie'] ?? []).map((header) => header.split(';', 1)[0] ?? '');
    return { status: response.statusCode, text, cookie: cookies.find((pair) => pair.includes('sessionid=')) };
  }

  return { open, call, close: () => agent.destroy() };
}

export type ProxyClient = ReturnType<typeof proxyClient>;

export interface Load {
  /** What went wrong, one line for each failed request or stream. */
  readonly failures: string[];
  /** How often a stream said that it is ready. */
  readonly streamsOpened: () => number;
  /** Waits until this many more requests were answered. */
  answered(more: number): Promise<void>;
  /** @returns how many requests were sent. */
  stop(): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Ends the load, because a proxy that is gone would be asked without a pause. */
const MAX_FAILURES = 50;

const UNKNOWN_SESSION = `ses_${'0'.repeat(22)}`;

/** Reads and writes of a signed-in user, one after the other on each connection, and streams that are opened again whenever they end. */
export function startLoad(
  client: ProxyClient,
  { cookie, connections, streams }: { cookie: string; connections: number; streams: number },
): Load {
  const failures: string[] = [];
  let sent = 0;
  let answered = 0;
  let opened = 0;
  let isOver = false;
  const open = new Set<IncomingMessage>();

  async function requests(): Promise<void> {
    for (let number = 0; !isOver; number++) {
      const options: Call =
        number % 2 === 0
          ? { path: '/trpc/auth.me', cookie }
          : { method: 'POST', path: '/trpc/sessions.revokeMany', cookie, body: { handles: [UNKNOWN_SESSION] } };
      sent++;
      // oxlint-disable-next-line no-await-in-loop -- a browser's connection
      const outcome = await client.call(options).catch((error: unknown) => error as Error);
      answered++;
      const problem = outcome instanceof Error ? outcome.message : outcome.status === 200 ? undefined : `${outcome.status} ${outcome.text}`;
      if (problem === undefined) continue;
      failures.push(`${options.path}: ${problem.slice(0, 200)}`);
      isOver ||= failures.length >= MAX_FAILURES;
    }
  }

  async function stream(): Promise<void> {
    while (!isOver) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- until it ends
        const response = await client.open({ path: '/trpc/auth.changes', cookie, accept: 'text/event-stream' });
        open.add(response);
        if (response.statusCode !== 200) failures.push(`stream: ${response.statusCode}`);
        let text = '';
        // oxlint-disable-next-line no-await-in-loop
        for await (const chunk of response.setEncoding('utf8')) {
          if (!text.includes('"ready"') && (text += chunk).includes('"ready"')) opened++;
        }
        open.delete(response);
        if (!text.includes('"ready"')) failures.push('stream: ended before it was ready');
      } catch (error) {
        if (!isOver) failures.push(`stream: ${(error as Error).message}`);
      }
    }
  }

  const running = [...Array.from({ length: connections }, requests), ...Array.from({ length: streams }, stream)];
  async function stop(): Promise<number> {
    isOver = true;
    for (const response of open) response.destroy();
    await Promise.all(running);
    return sent;
  }

  return {
    failures,
    streamsOpened: () => opened,
    async answered(more) {
      const until = answered + more;
      await vi.waitFor(
        () => {
          if (answered < until && !isOver) throw new Error(`${until - answered} requests are missing.`);
        },
        { timeout: 120_000, interval: 20 },
      );
    },
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}
