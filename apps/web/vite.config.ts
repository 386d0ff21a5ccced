import { join } from 'node:path';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compiledMessages } from './build/compiled-messages.ts';
import { compressedAssets } from './build/compressed-assets.ts';
import { earlyFiles } from './build/early-files.ts';
import { firstLoadFiles } from './build/first-load-files.ts';
import { mantineVariables } from './build/mantine-variables.ts';
import { pagePaths } from './build/page-paths.ts';
import { LANGUAGES } from './src/i18n/languages.ts';

export default defineConfig({
  root: import.meta.dirname,
  // Files name each other by relative paths, so one build serves any path of PUBLIC_URL. The server writes the path into the page.
  base: './',
  plugins: [
    // Must be first: it splits each route into component and guard before the React plugin runs.
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single', semicolons: true }),
    react(),
    compiledMessages(),
    mantineVariables(),
    firstLoadFiles(),
    pagePaths(join(import.meta.dirname, 'src/routeTree.gen.ts')),
    earlyFiles(Object.keys(LANGUAGES)),
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
