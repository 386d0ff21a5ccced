import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openGatehouse } from './open-gatehouse.ts';

// npm run add-user -- ada ada@example.com [--admin]

const { values, positionals } = parseArgs({ allowPositionals: true, options: { admin: { type: 'boolean', default: false } } });
const [username, email] = positionals;
if (username === undefined || email === undefined) {
  console.error('Name the user and the e-mail address: npm run add-user -- ada ada@example.com [--admin]');
  process.exit(1);
}

const password = randomBytes(15).toString('base64url');
const gatehouse = await openGatehouse();
try {
  const role = values.admin ? 'admin' : 'user';
  const created = await gatehouse.accounts.createUser({ username, email, name: username, role, password });
  if (created.ok) {
    console.log(`${username} can sign in. The password is shown this once: ${password}`);
  } else {
    for (const [field, problems] of Object.entries(created.problems)) console.error(`${field}: ${problems.join(' ')}`);
    process.exitCode = 1;
  }
} finally {
  await gatehouse.close();
}
