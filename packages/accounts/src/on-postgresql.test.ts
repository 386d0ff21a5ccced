import { POSTGRESQL } from '@gatehouse/prisma/testing';
import { describe } from 'vitest';
import { runOn } from '../test-support/temporary-accounts.ts';

// Every rule about accounts once more, on a database server.
describe.skipIf(!POSTGRESQL.available)(POSTGRESQL.name, async () => {
  runOn(POSTGRESQL);
  await import('./account-changes.test.ts');
  await import('./activity.test.ts');
  await import('./audit-trail.test.ts');
  await import('./authenticate.test.ts');
  await import('./change-password.test.ts');
  await import('./create-user.test.ts');
  await import('./seed.test.ts');
});
