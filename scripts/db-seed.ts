import { createAccounts, seedDemoUsers } from '../packages/accounts/src/index.ts';
import { loadSettings } from '../packages/settings/src/index.ts';
import { migrate, openDatabase } from '../prisma/src/index.ts';
import { generateDatabaseClient } from './prepare.ts';

// `pnpm db:seed`: the two demo users, into an empty database and never in production.
await generateDatabaseClient();
try {
  const { environment, database: place } = loadSettings();
  if (environment === 'production') throw new Error('No demo users in production. Make real ones: pnpm gatehouse createuser');
  const database = await openDatabase(place.url);
  await migrate(database);
  const users = await seedDemoUsers(createAccounts({ database }));
  await database.close();
  for (const { username, password, role } of users) console.log(`${username.padEnd(8)} ${password}   (${role})`);
  console.log(users.length > 0 ? 'These passwords are shown this once.' : 'There are users already; none were made.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
