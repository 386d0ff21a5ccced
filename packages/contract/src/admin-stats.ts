import { z } from './z.ts';
import type { ActivityKind } from './activity.ts';
import { namedAuditPageSchema } from './audit.ts';
import { instantSchema } from './instant.ts';

/** Events that an administrator should see: rights, passwords by others, accounts, and attacks. */
export const IMPORTANT_KINDS: readonly ActivityKind[] = [
  'locked',
  'unlocked',
  'role_changed',
  'suspended',
  'reactivated',
  'sessions_revoked',
  'user_created',
  'user_deleted',
];

const bucketSchema = z.object({
  /** Start of the hour or day, in UTC. */
  from: instantSchema,
  signedIn: z.number(),
  failed: z.number(),
  /** Attempts that were refused before the password was checked, because there had been too many failures. */
  blocked: z.number(),
  /** Accounts and devices whose sign-in began to be delayed. */
  locked: z.number(),
});
export type SignInBucket = z.infer<typeof bucketSchema>;

const latencySchema = z.object({
  /** Calls that were measured. */
  calls: z.number(),
  /** Milliseconds; null without calls. */
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
});

/** A part is null if it could not be read, or not in time. The others are still there. */
export const adminStatsSchema = z.object({
  at: instantSchema,
  /** All accounts. With very many accounts it can be a minute old. */
  users: z.number().nullable(),
  /** With very many sessions it can be a minute old. */
  active: z
    .object({
      sessions: z.number(),
      users: z.number(),
      /** true: there are at least that many. They are still being counted. The default is for older servers. */
      isAtLeast: z.boolean().default(false),
    })
    .nullable(),
  signIns: z
    .object({
      /** 24 hours, oldest first; the last one is not over. */
      hours: z.array(bucketSchema),
      /** 30 days, oldest first; the last one is not over. */
      days: z.array(bucketSchema),
      /** false: a new server is still counting older entries, so the days are too low for a while. */
      isComplete: z.boolean(),
    })
    .nullable(),
  /** Sessions by user agent, most frequent first, at most 200. `userAgent` is null if it is unknown. */
  browsers: z
    .object({
      counts: z.array(z.object({ userAgent: z.string().nullable(), sessions: z.number() })),
      /** Sessions that were counted: at most 1,000. */
      sampled: z.number(),
    })
    .nullable(),
  /** Sessions that expire within 24 hours if they are not used again. */
  expiringSoon: z
    .object({
      sessions: z.number(),
      /** true: there are at least that many. */
      isAtLeast: z.boolean(),
    })
    .nullable(),
  engine: z.object({
    name: z.string(),
    /** Of the last five minutes, in this server process. */
    reads: latencySchema,
    writes: latencySchema,
  }),
  /** The latest security events of all accounts, newest first, at most 10. */
  important: namedAuditPageSchema.pick({ events: true, accounts: true }).nullable(),
});
export type AdminStats = z.infer<typeof adminStatsSchema>;
