import { once } from 'node:events';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { AJAX_HEADER, AJAX_HEADER_VALUE } from '@gatehouse/contract';
import { migratedDatabase, SQLITE } from '@gatehouse/prisma/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DEPLOYED_HOST, installedProxies, startDeployedProxy, type DeployedProxy } from '../test-support/deployed-proxy.ts';
import { PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';

/* The files of deploy/. A proxy that collects a response before it passes it on would fail these tests, because no event fills its buffer. */

const WITHIN = { timeout: 30_000, interval: 10 };

/** Two servers on one database. */
async function startServers(): Promise<[RunningApp, RunningApp]> {
  const database = await migratedDatabase(SQLITE);
  onTestFinished(() => database.drop());
  const env = {
    DATABASE_URL: database.url,
    SESSION_SECRET: 'a-secret-of-both-servers-that-is-long-enough',
    TRUST_PROXY: 'loopback',
    PUBLIC_URL: `https://${DEPLOYED_HOST}`,
  };
  // One after the other: the first one creates the users.
  const one = await runApp(env);
  onTestFinished(() => one.close());
  const other = await runApp(env);
  onTestFinished(() => other.close());
  return [one, other];
}

const portOf = ({ url }: RunningApp): number => Number(new URL(url).port);

/** A browser: HTTP/2 over TLS, and it accepts compressed responses. */
function browserAt({ port, ca }: DeployedProxy) {
  const connection: ClientHttp2Session = connect(`https://127.0.0.1:${port}`, { ca, servername: DEPLOYED_HOST });
  connection.on('error', () => undefined);
  onTestFinished(() => connection.destroy());
  let cookie = '';

  async function open(path: string, { accept, body }: { accept: string; body?: object }) {
    const request = connection.request({
      ':method': body ? 'POST' : 'GET',
      ':path': path,
      ':authority': DEPLOYED_HOST,
      accept,
      'accept-encoding': 'gzip, br, zstd',
      [AJAX_HEADER.toLowerCase()]: AJAX_HEADER_VALUE,
      ...(cookie !== '' && { cookie }),
      ...(body && { 'content-type': 'application/json' }),
    });
    let text = '';
    const state = { isOver: false };
    const closed = new Promise<void>((resolve) => void request.once('close', resolve)).then(() => void (state.isOver = true));
    request.end(body && JSON.stringify(body));
    const [headers] = (await once(request, 'response')) as [IncomingHttpHeaders];
    // A server that is gone resets the stream.
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { headers, closed, state, text: () => text };
  }

  return {
    async signIn(): Promise<void> {
      const { headers, closed } = await open('/trpc/auth.login', {
        accept: 'application/json',
        body: { identifier: 'ada', password: PASSWORD },
      });
      await closed;
      expect(headers[':status']).toBe(200);
      cookie = (headers['set-cookie'] ?? []).map((header) => header.split(';', 1)[0]).join('; ');
    },
    async me() {
      const { headers, closed } = await open('/trpc/auth.me', { accept: 'application/json' });
      await closed;
      return headers;
    },
    async stream() {
      const stream = await open('/trpc/auth.changes', { accept: 'text/event-stream' });
      return { ...stream, said: (text: string) => vi.waitFor(() => expect(stream.text()).toContain(text), WITHIN) };
    },
  };
}

describe.each(installedProxies())('streams through %s', (name) => {
  test.each([false, true])('events arrive at once and uncompressed, with compression: %s', async (compression) => {
    const [here, there] = await startServers();
    await using proxy = await startDeployedProxy(name, [portOf(here), portOf(there)], { compression });
    const browser = browserAt(proxy);
    await browser.signIn();
    // What is not a stream is compressed.
    const { 'content-encoding': encoding } = await browser.me();
    expect(encoding).toBe(compression ? 'gzip' : undefined);

    const stream = await browser.stream();
    expect(stream.headers).toMatchObject({ ':status': 200, 'content-type': expect.stringMatching(/^text\/event-stream/) });
    expect(stream.headers['content-encoding']).toBe('identity');
    await stream.said('"kind":"ready"');
    const { users } = await there.accounts.searchUsers({ text: 'ada', sort: 'name', descending: false, limit: 1 });
    await there.accounts.updateProfile(users[0]?.id ?? '', { name: 'Ada King' });
    await stream.said('"kind":"user"');
    expect(stream.state.isOver).toBe(false);
    await there.engine.destroyByUser(users[0]?.id ?? '');
    await stream.said('"reason":"SESSION_ENDED"');
    await stream.closed;
  });

  test('a client is told that its server stops, and connects to the other one', async () => {
    const [here, there] = await startServers();
    await using proxy = await startDeployedProxy(name, [portOf(here), portOf(there)]);
    const browser = browserAt(proxy);
    await browser.signIn();
    // The proxy takes turns, so one of two streams is on each server.
    const streams = [await browser.stream(), await browser.stream()];
    for (const stream of streams) await stream.said('"kind":"ready"');
    here.drain();
    await vi.waitFor(() => expect(streams.filter(({ state }) => state.isOver)).toHaveLength(1), WITHIN);
    await here.close();
    const again = await vi.waitFor(async () => {
      const stream = await browser.stream();
      expect(stream.headers[':status']).toBe(200);
      return stream;
    }, WITHIN);
    await again.said('"kind":"ready"');
    const { users } = await there.accounts.searchUsers({ text: 'ada', sort: 'name', descending: false, limit: 1 });
    await there.engine.destroyByUser(users[0]?.id ?? '');
    await again.said('"reason":"SESSION_ENDED"');
  });
});
