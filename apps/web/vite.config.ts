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
  build: {
    // `data:` URLs would need their own place in the content security policy.
    assetsInlineLimit: 0,
    // Every browser that runs this app knows modulepreload.
    modulePreload: { polyfill: false },
  },
});
