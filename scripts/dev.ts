import { spawn } from 'node:child_process';
import { generateDatabaseClient } from './prepare.ts';

// `pnpm dev`: the server restarts when its code changes. Vite runs inside the server and reloads the web app.
await generateDatabaseClient();
const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'apps/server/src/main.ts', '--dev'], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 0));
