import { DATABASES } from '@gatehouse/prisma/testing';
import { describe, vi } from 'vitest';

for (const on of DATABASES)
  describe.skipIf(!on.available)(on.name, async () => {
    // Import it again for each database, with its dependencies.
    vi.resetModules();
    const { runOn } = await import('../test-support/temporary-accounts.ts');
    runOn(on);
    await import('./many-sessions.test.ts');
  });
