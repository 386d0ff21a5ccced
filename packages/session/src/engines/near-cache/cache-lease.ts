import { newCacheMember } from './cache-member.ts';

/** Clocks in milliseconds. A suspended machine stops the monotonic one, a correction of the time moves the other. */
export interface LeaseClocks {
  readonly monotonic: () => number;
  readonly wall: () => number;
}

export const LEASE_CLOCKS: LeaseClocks = { monotonic: () => performance.now(), wall: () => Date.now() };

export interface CacheLeaseParts {
  readonly leaseMs: number;
  /** Renews the lease in Redis, over the connection that receives Redis' notifications of changes. */
  readonly renew: (member: string) => Promise<void>;
  /** Records in Redis that this process serves nothing until it renews. */
  readonly leave: (member: string) => Promise<unknown>;
  readonly clocks?: LeaseClocks;
}

/**
 * When this process may serve from its near cache: for a short time after a renewal, counted from before it was sent.
 *
 * Notifications of changes and replies arrive in the order in which Redis sends them. So when the reply to a renewal has
 * arrived, the process has read the notifications of all earlier changes. `createCacheFence` relies on that: once Redis
 * has executed a renewal, this process counts as having reached the fence. Therefore nothing is served while a renewal
 * is pending, not even under the previous lease: Redis may have executed it, while its reply, and notifications before
 * the reply, have not arrived yet.
 */
export function createCacheLease({ leaseMs, renew, leave, clocks = LEASE_CLOCKS }: CacheLeaseParts) {
  /**
   * Replaced after each command whose outcome is unknown or that removes it: Redis may execute such a command late, over
   * an abandoned connection, and the command must not affect the lease that is valid then.
   */
  let member = newCacheMember(leaseMs);
  let begun: { readonly monotonicMs: number; readonly wallMs: number } | undefined;
  let isRenewing = false;
  let isDueAgain = false;
  let isUsed = false;
  let isMember = false;
  let isClosed = false;

  const ageMs = ({ monotonicMs, wallMs }: NonNullable<typeof begun>): number =>
    Math.max(clocks.monotonic() - monotonicMs, clocks.wall() - wallMs);

  async function renewNow(): Promise<void> {
    if (isClosed) return;
    isRenewing = true;
    begun = undefined;
    try {
      do {
        [isDueAgain, isUsed, isMember] = [false, false, true];
        const sent = { monotonicMs: clocks.monotonic(), wallMs: clocks.wall() };
        await renew(member);
        begun = sent;
      } while (isDueAgain);
    } catch {
      // An outage, which the loads report. There is no lease until a renewal succeeds.
      [begun, isMember, member] = [undefined, false, newCacheMember(leaseMs)];
    } finally {
      isRenewing = false;
    }
  }

  return {
    /** Call it for each request that could be served from the cache. Renews the lease when half of it is over. */
    use(): void {
      isUsed = true;
      if (!isRenewing && (!begun || ageMs(begun) > leaseMs / 2)) void renewNow();
    },

    /** The name of this process among those that changes wait for. */
    member: (): string => member,

    /** Check it last, after the cache was read: the process may have been stopped in between. */
    isValid: (): boolean => begun !== undefined && !isRenewing && !isClosed && ageMs(begun) < leaseMs,

    /** A change waits for this process. If the cache was not used since the last renewal, the process leaves instead of renewing. */
    async onFence(): Promise<void> {
      if (isRenewing) isDueAgain = true;
      else if (isUsed) await renewNow();
      else if (isMember) await this.end();
    },

    /** Serve nothing until the next renewal. */
    drop(): void {
      begun = undefined;
    },

    async end(): Promise<void> {
      const left = member;
      [begun, isMember, member] = [undefined, false, newCacheMember(leaseMs)];
      await leave(left).catch(() => undefined);
    },

    close(): Promise<void> {
      isClosed = true;
      return this.end();
    },
  };
}

export type CacheLease = ReturnType<typeof createCacheLease>;
