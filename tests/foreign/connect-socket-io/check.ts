import assert from 'node:assert/strict';
import { io } from 'socket.io-client';

const url = process.env['APP_URL'] ?? '';
const cookie = (await fetch(`${url}/login`)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
assert.match(cookie, /^sid=/);

const hello = (headers: Record<string, string>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const socket = io(url, { extraHeaders: headers, reconnection: false });
    socket.on('hello', (name: unknown) => {
      socket.close();
      resolve(name);
    });
    socket.on('connect_error', reject);
  });
assert.equal(await hello({ cookie }), 'Ada');
assert.equal(await hello({}), 'nobody');
