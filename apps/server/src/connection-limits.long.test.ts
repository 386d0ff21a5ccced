import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { startServer, temporaryFolder } from '../test-support/server-process.ts';

/** Open files and memory of the server process. */
const figuresOf = (pid: number) => ({
  files: readdirSync(`/proc/${pid}/fd`).length,
  memoryMb: Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024),
});

// Without the limit, 25 connections with 200 requests each leaked 5,000 files, and a server with a limit of 1,024 stopped answering.
test.runIf(process.platform === 'linux').each([33, 200])(
  'security 43: %i pipelined requests on each of 25 connections that do not read leave nothing open',
  { timeout: 120_000 },
  async (depth) => {
    await using folder = await temporaryFolder();
    const server = startServer(folder.path);
    const url = await server.ready;
    const pid = server.child.pid ?? 0;
    const asset = /\/assets\/index-[^"]+\.js/.exec(await (await fetch(`${url}/login`)).text())?.[0];
    expect(asset).toBeDefined();
    const before = figuresOf(pid);
    const sockets = Array.from({ length: 25 }, () => connect(Number(new URL(url).port), '127.0.0.1').pause());
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(`GET ${asset} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(depth));
    }
    const during = { files: 0, memoryMb: 0 };
    const sample = setInterval(() => {
      const now = figuresOf(pid);
      during.files = Math.max(during.files, now.files);
      during.memoryMb = Math.max(during.memoryMb, now.memoryMb);
    }, 20);
    // Queued behind all of the requests above.
    for (let asked = 0; asked < 50; asked += 1) expect((await fetch(`${url}/healthz`)).status).toBe(200);
    clearInterval(sample);
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(() => expect(figuresOf(pid).files).toBeLessThan(before.files + 5), { timeout: 20_000 });
    console.log(`${depth} × 25 requests, nothing read:`, { before, during, after: figuresOf(pid) });
    expect(during.files).toBeLessThan(before.files + 2 * sockets.length + 10);
    expect(figuresOf(pid).memoryMb).toBeLessThan(before.memoryMb + 200);
    server.child.kill('SIGKILL');
  },
);
