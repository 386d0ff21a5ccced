import { expect, test, vi } from 'vitest';
import { startServer, temporaryFolder } from '../test-support/server-process.ts';

test('SIGUSR2 makes a running server log health checks too, and the next one ends that', async () => {
  await using folder = await temporaryFolder();
  const { child, ready, output, exited } = startServer(folder.path, { LOG_LEVEL: 'error' });
  const url = await ready;
  const ask = async (path: string): Promise<void> => void (await (await fetch(url + path)).text());
  const logged = (text: string) => vi.waitFor(() => expect(output()).toContain(text), { timeout: 60_000 });

  await ask('/healthz?before');
  child.kill('SIGUSR2');
  await logged('The log level is now debug');
  await ask('/readyz');
  await logged('GET /readyz 200');
  child.kill('SIGUSR2');
  await logged('The log level is now error');
  await ask('/healthz');
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(output()).not.toContain('/healthz');
});
