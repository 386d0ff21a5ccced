import { buildPackages } from './packages/build.ts';
import { packPackages } from './packages/pack.ts';

// `pnpm build:packages`: every published package, compiled into its `dist` and packed into `dist/packages`.
const began = performance.now();
await buildPackages();
const packed = packPackages();
console.log(`${packed.map(({ tarball }) => tarball).join('\n')}\nBuilt in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
