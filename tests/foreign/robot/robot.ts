import assert from 'node:assert/strict';
import { signedOutReason } from '@gatehouse/client';
import { createNodeClient } from '@gatehouse/client/node';

const client = createNodeClient({ url: process.env['APP_URL'] ?? 'http://localhost:3000', userAgent: 'robot/1' });
await client.auth.login.mutate({ identifier: 'robot', password: process.env['ROBOT_PASSWORD'] ?? '' });

const { user, session } = await client.auth.me.query();
console.log(`${user.name}, until ${session.expires}`);

await client.auth.logout.mutate();
assert.equal(await client.auth.me.query().catch(signedOutReason), 'SIGN_IN_REQUIRED');
