import { z } from 'zod';

// The schemas of this package import zod from here. When a schema is created, zod tries `new Function('')` to find out whether it may compile
// parsers. With a content security policy without `unsafe-eval`, browsers report each attempt as a violation.
// https://github.com/colinhacks/zod/issues/4461
if ('document' in globalThis) z.config({ jitless: true });

export { z };
