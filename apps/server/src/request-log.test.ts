import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { requestLog } from './request-log.ts';

test('logs successful files and health checks at debug, and everything else by status', async () => {
  const lines: { level: number; 'url.path': string; 'http.response.status_code': number }[] = [];
  const app = express();
  app.use(requestLog(pino({ level: 'trace' }, { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) })));
  let status = 200;
  app.use((_req, res) => void res.sendStatus(status));
  await using server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const expected: [path: string, status: number, level: string][] = [
    ['/assets/index.js', 200, 'debug'],
    ['/assets/index.js', 304, 'debug'],
    ['/assets/gone.js', 404, 'info'],
    ['/healthz', 200, 'debug'],
    ['/readyz?from=balancer', 200, 'debug'],
    ['/readyz', 503, 'error'],
    ['/readyz/more', 200, 'info'],
    ['/', 200, 'info'],
    ['/admin/sessions.csv', 403, 'warn'],
  ];
  for (const [path, answer] of expected) {
    status = answer;
    await (await fetch(url + path)).text();
  }
  await vi.waitFor(() => expect(lines).toHaveLength(expected.length), { timeout: 20_000 });
  const logged = lines.map((line) => [line['url.path'], line['http.response.status_code'], pino.levels.labels[line.level]]);
  expect(logged).toEqual(expected.map(([path, answer, level]) => [path.split('?')[0], answer, level]));
});
