import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createGatehouse } from '@gatehouse/server';
import express from 'express';

// An app as in the README. `POST /slow` answers after the signal, and says what has happened by then.
const gatehouse = await createGatehouse({ migrate: true });
const done: string[] = [];
const signalled = Promise.withResolvers<void>();
const app = express();
app.use(gatehouse.health);
app.post('/slow', async (_req, res) => {
  console.log('running');
  await signalled.promise;
  await wait(Number(process.argv[2]));
  res.json({ done });
});
const server = createServer(app);
gatehouse.stopOnSignals(server, {
  onSignal() {
    done.push('signalled');
    signalled.resolve();
    // Never resolves.
    return process.env['HANGING_HOOK'] ? new Promise<void>(() => {}) : undefined;
  },
  close: () => console.log([...done, 'closed'].join()),
});
const first = createServer(app);
if (process.env['TWO_SERVERS']) gatehouse.stopOnSignals(first.listen(0, '127.0.0.1'));
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));
