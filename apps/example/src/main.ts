import type { AddressInfo } from 'node:net';
import { createGatehouse } from '@gatehouse/server';
import { createApp } from './app.ts';
import { closingTime } from './closing-time.ts';
import { sessionValues } from './session-values.ts';
import { userAttributes } from './user-attributes.ts';

// All other settings come from the environment or `.env`.
const gatehouse = await createGatehouse({
  attributes: userAttributes,
  sessionData: sessionValues,
  expiry: closingTime,
  migrate: true,
});

// What a shop does with events: tell people about sign-ins, count, clean up. Handlers delay no request.
gatehouse.on('signInFailed', ({ locks, actor }) => {
  if (locks) console.log(`Too many wrong passwords from ${actor.ip}.`);
});

const { port, host } = gatehouse.settings.server;
const server = createApp(gatehouse).listen(port, host, (error) => {
  if (error) throw error;
  console.log(`Listening on port ${(server.address() as AddressInfo).port}.`);
});

// On SIGTERM and Ctrl+C, running requests finish, and their changes are stored.
gatehouse.stopOnSignals(server);
