import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressedAssets } from './build/compressed-assets.ts';
import { mantineVariables } from './build/mantine-variables.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    // First: it splits each route's component from its guard before React's plugin sees them.
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single', semicolons: true }),
    react(),
    mantineVariables(),
    compressedAssets(),
  ],
  server: {
    // Pages of another port of this machine may not read anything.
    cors: false,
    fs: {
      // What the pages are made of. Vite would serve all of the repository, with the data folder in it.
      allow: [
        'src',
        'public',
        'node_modules/.vite',
        '../../packages/client/src',
        '../../packages/contract/src',
        '../../node_modules/.pnpm',
      ],
      // Vite's own list, what holds secrets wherever it is, and links to packages of ours, which lead past every path that is denied.
      deny: [
        '.env',
        '.env.*',
        '*.{crt,pem,key}',
        '**/.git/**',
        '*.{db,sqlite,sqlite3}',
        '*.{db,sqlite,sqlite3}-*',
        'session-secret',
        '**/node_modules/@gatehouse/**',
      ],
    },
  },
  build: {
    // `data:` URLs would need their own place in the content security policy.
    assetsInlineLimit: 0,
    // Every browser that runs this app knows modulepreload.
    modulePreload: { polyfill: false },
  },
});
