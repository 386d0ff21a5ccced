import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { noteUntrustedProxy } from './untrusted-proxy.ts';

async function serving(trustProxy: false | number) {
  const logged: string[] = [];
  const logger = pino({}, { write: (line: string) => void logged.push(line) });
  const app = express().use(noteUntrustedProxy({ trustProxy }, logger), (_req, res) => void res.end());
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => void server.on('listening', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { logged, get: (headers: Record<string, string> = {}) => fetch(url, { headers }) };
}

test('security 37, 38: requests through an untrusted proxy are logged once, with the fix', async () => {
  const { logged, get } = await serving(false);
  await get();
  expect(logged).toEqual([]);
  await get({ 'X-Forwarded-For': '192.0.2.1' });
  await get({ Forwarded: 'for=192.0.2.1' });
  expect(logged).toHaveLength(1);
  expect(JSON.parse(logged[0] ?? '')).toMatchObject({ level: 40, fix: expect.stringContaining('TRUST_PROXY=1') });
});

test('requests through a trusted proxy are not logged', async () => {
  const { logged, get } = await serving(1);
  await get({ 'X-Forwarded-For': '192.0.2.1' });
  expect(logged).toEqual([]);
});
