import { randomUUID } from 'node:crypto';

/** A user's columns, with names that no other has. */
export function sampleUser() {
  const id = randomUUID();
  return {
    id,
    username: `u${id}`,
    usernameKey: `u${id}`,
    email: `${id}@example.com`,
    emailKey: `${id}@example.com`,
    name: 'Someone',
    passwordHash: '!',
  };
}

/** A session's columns; live for an hour. */
export function sampleSession(userId: string | null = null) {
  const now = new Date();
  return {
    handle: `ses_${randomUUID()}`,
    secretHash: randomUUID(),
    rotatedAt: now,
    userId,
    data: '{}',
    createdAt: now,
    renewedAt: now,
    lastActivityAt: now,
    expiresAt: new Date(now.getTime() + 3_600_000),
  };
}

/** An activity's columns. */
export const sampleActivity = (userId: string | null = null) => ({
  id: randomUUID(),
  userId,
  kind: 'signed_in',
  at: new Date(),
  ip: '::1',
  userAgent: 'A browser',
  handle: null,
});
