import { randomUUID } from 'node:crypto';

/** The columns of a user with unique names. */
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

/** The columns of a session that is live for an hour. */
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

/** The columns of an audit entry. */
export const sampleActivity = (userId: string | null = null) => ({
  id: randomUUID(),
  userId,
  kind: 'signed_in',
  at: new Date(),
  ip: '::1',
  userAgent: 'A browser',
  handle: null,
});
