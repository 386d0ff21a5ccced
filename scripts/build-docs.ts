import { buildDocs } from './prepare.ts';

// `pnpm build:docs`: the documentation site, into apps/docs/dist. The server serves it at /docs.
await buildDocs();
