import { z } from 'zod';

// zod tries `new Function('')` when a schema is made, to see whether it may compile parsers. Under a content security
// policy without `unsafe-eval` the browser reports each try as a violation. https://github.com/colinhacks/zod/issues/4461
if ('document' in globalThis) z.config({ jitless: true });
