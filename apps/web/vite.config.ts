import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressedAssets } from './build/compressed-assets.ts';
import { mantineVariables } from './build/mantine-variables.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    // Must be first: it splits each route into component and guard before the React plugin runs.
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single', semicolons: true }),
    react(),
    mantineVariables(),
    compressedAssets(),
  ],
  server: {
    // Pages on other ports of this machine must not read the files.
    cors: false,
    fs: {
      // The sources of the pages. By default Vite serves the whole repository, including the data folder.
      allow: [
        'src',
        'public',
        'node_modules/.vite',
        '../../packages/client/src',
        '../../packages/contract/src',
        '../../node_modules/.pnpm',
      ],
      // Vite's defaults, files with secrets in any folder, and links to our packages, which would bypass the paths above.
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
    // The content security policy does not allow `data:` URLs.
    assetsInlineLimit: 0,
    // All supported browsers support modulepreload.
    modulePreload: { polyfill: false },
  },
});
