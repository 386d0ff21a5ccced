import { createServer } from 'node:http';
import { createApp } from './app.ts';
import { listen } from './listen.ts';
import { openGatehouse } from './open-gatehouse.ts';
import { builtPages } from './pages.ts';

const pages = builtPages();
const gatehouse = await openGatehouse();
listen(createServer(createApp(gatehouse, pages)), gatehouse);
