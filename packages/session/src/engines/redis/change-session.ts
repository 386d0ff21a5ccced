import type { ClaimOutcome, ClaimRequest, ClientInfo, SessionTimestamps, SessionUpdate, UpdateOutcome } from '../../engine-port.ts';
import { LATE } from '../near-cache/cache-fence.ts';
import { isStorableId } from '../storable-id.ts';
import { slotKeys, slotOf } from './keys.ts';
import { clientFields, secretFields, timestampFields } from './record.ts';
import type { RedisContext } from './redis-context.ts';
import type { UserCheck } from './user-check.ts';

interface Write {
  /** Default: any version. */
  readonly expectedVersion?: number;
  readonly timestamps: SessionTimestamps;
  /** The epoch of a user who has just authenticated. */
  readonly credentialEpoch?: number | undefined;
  readonly fields: readonly string[];
  readonly isEnd: boolean;
}

/** Compare-and-set operations on one record. */
export function createChangeSession(context: RedisContext, { check }: UserCheck) {
  const { redis, replicated, prefix, serializer, about, now, indexes, reindex, reindexClaimed } = context;

  async function write(handle: string, { expectedVersion, timestamps, credentialEpoch, fields, isEnd }: Write): Promise<UpdateOutcome> {
    if (!isStorableId(handle)) return { status: 'gone' };
    const slot = slotOf(prefix, handle);
    const set = [...timestampFields(timestamps), ...fields];
    const { reply } = await check(handle, (answer) =>
      (isEnd ? replicated : redis).writeSession(slotKeys(slot, handle), [
        ...about(handle),
        ...answer,
        expectedVersion ?? '',
        Math.max(1, timestamps.expiresAtMs - now()),
        credentialEpoch ?? '',
        ...set,
      ]),
    );
    if (reply === 'conflict') return { status: 'conflict' };
    if (!Array.isArray(reply)) return { status: 'gone' };
    const [, userId = '', expiresAtMs = ''] = reply as string[];
    // The write succeeded. The next activity corrects the index if this fails.
    await reindex({ handle, userId }, expiresAtMs).catch(() => undefined);
    return { status: 'updated', ...(reply.at(-1) === LATE && { isLate: true }) };
  }

  return {
    update: (
      handle: string,
      { expectedVersion, timestamps, data, secrets, credentialEpoch, client }: SessionUpdate,
    ): Promise<UpdateOutcome> =>
      write(handle, {
        expectedVersion,
        timestamps,
        credentialEpoch,
        fields: [
          'c',
          String(timestamps.createdAtMs),
          ...(data === undefined ? [] : ['d', serializer.stringify(data)]),
          ...(secrets ? secretFields(secrets) : []),
          ...(credentialEpoch === undefined ? [] : ['e', String(credentialEpoch)]),
          ...(client ? clientFields(client) : []),
        ],
        // It invalidates the previous secret.
        isEnd: secrets !== undefined || credentialEpoch !== undefined,
      }),

    async touch(handle: string, timestamps: SessionTimestamps, client?: ClientInfo): Promise<boolean> {
      return (await write(handle, { timestamps, fields: client ? clientFields(client) : [], isEnd: false })).status === 'updated';
    },

    async claim(handle: string, { successor, expectedVersion, expectedSuccessor }: ClaimRequest): Promise<ClaimOutcome> {
      if (!isStorableId(handle)) return { status: 'gone' };
      const request = [successor, expectedVersion ?? '', expectedSuccessor ?? ''];
      const { reply } = await check(handle, (answer) =>
        replicated.claimSession(slotKeys(slotOf(prefix, handle), handle), [...about(handle), ...answer, ...request]),
      );
      if (reply === 'conflict') return { status: 'conflict' };
      if (!Array.isArray(reply)) return { status: 'gone' };
      const [status, subject = '', detail = ''] = reply as string[];
      if (status === 'taken') return { status, successor: subject, claimedAtMs: Number(detail) };
      await indexes.remove(subject, [handle]).catch(() => undefined);
      await reindexClaimed(handle, detail).catch(() => undefined);
      return { status: 'claimed' };
    },
  };
}
