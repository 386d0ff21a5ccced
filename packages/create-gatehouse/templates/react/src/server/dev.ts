import { createServer } from 'node:http';
import { createServer as createVite } from 'vite';
import { createApp } from './app.ts';
import { listen } from './listen.ts';
import { openGatehouse } from './open-gatehouse.ts';

// The server with Vite in it, on one port: pages reload as you save them.
const gatehouse = await openGatehouse();
const server = createServer();
const vite = await createVite({ appType: 'spa', server: { middlewareMode: true, hmr: { server } } });
server.on('request', createApp(gatehouse, vite.middlewares));
listen(server, gatehouse, { onSignal: () => vite.close() });
