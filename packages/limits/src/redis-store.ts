import type { Engine } from '@gatehouse/session';
import type { Bucket } from './bucket.ts';
import type { BucketStore } from './bucket-store.ts';

const CHUNK = 1000;

const toText = (bucket: Bucket | undefined): string =>
  bucket ? [bucket.failures, bucket.blockedUntilMs, bucket.expiresAtMs].join(' ') : '';

function fromText(text: string): Bucket {
  const [failures = 0, blockedUntilMs = 0, expiresAtMs = 0] = text.split(' ').map(Number);
  return { failures, blockedUntilMs, expiresAtMs };
}

/** Stores buckets as values that Redis expires, with an index, so that removing all of them needs no SCAN. */
export function redisStore({ commands, prefix }: NonNullable<Engine['redis']>, now: () => number): BucketStore {
  // The hash tag in braces keeps all keys on one cluster node, so that scripts can access the index too.
  const base = `${prefix}{limits}:`;
  const index = `${base}index`;
  return {
    async read(key) {
      const text = await commands.get(base + key);
      return text === null ? undefined : fromText(text);
    },

    async readMany(keys) {
      const texts = await Promise.all(keys.map((key) => commands.get(base + key)));
      return new Map(keys.flatMap((key, at) => (texts[at] == null ? [] : [[key, fromText(texts[at])]])));
    },

    async swap(key, before, after) {
      const bounds = [now(), after?.expiresAtMs ?? 0];
      return (await commands.swapLimit(base + key, [index, toText(before), toText(after), ...bounds])) === 1;
    },

    async removeAll() {
      let removed = 0;
      for (let chunk = -1; chunk !== 0; removed += Math.max(0, chunk)) chunk = Number(await commands.removeLimits(index, [CHUNK]));
      return removed;
    },

    purgeExpired: () => Promise.resolve(0),
  };
}
