import { randomBytes } from 'node:crypto';
import { DEFAULT_TIMEOUT_MS } from '../redis/time-limits.ts';

/** Also the length for a process that does not say how long its leases are. */
const MAX_LEASE_MS = 1000;

/** How long a lease lasts: a change that waits for it must still end within the time limit of a request. Milliseconds. */
export const leaseMsFor = (storageTimeoutMs: number = DEFAULT_TIMEOUT_MS): number =>
  Math.min(MAX_LEASE_MS, Math.round(storageTimeoutMs * 0.4));

/** A process with a near cache, as the others see it: how long its leases last, and a random name. */
export const newCacheMember = (leaseMs: number): string => `${leaseMs} ${randomBytes(9).toString('base64url')}`;

/** Milliseconds. */
export const leaseOfMember = (member: string): number => Number.parseInt(member, 10) || MAX_LEASE_MS;
