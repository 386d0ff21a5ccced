import { expect, test } from 'vitest';
import { destroyChain, type SessionLink } from './destroy-chain.ts';

/** Records in memory, with what happens between reading and ending one of them. */
function storage(links: Record<string, SessionLink>, between: (handle: string) => void = () => undefined) {
  const records = new Map(Object.entries(links));
  const ended: string[] = [];
  return {
    records,
    ended,
    linkOf: (handle: string) => Promise.resolve(records.get(handle)),
    destroyOne(handle: string, successor: string | null) {
      between(handle);
      if (records.get(handle)?.successor !== successor) return Promise.resolve('none' as const);
      records.delete(handle);
      ended.push(handle);
      return Promise.resolve(successor === null ? ('ended' as const) : ('removed' as const));
    },
  };
}

const of = (userId: string | null, successor: string | null = null): SessionLink => ({ userId, successor });

test('the last of a chain ends first, so that a repetition finds what a crash has left', async () => {
  const parts = storage({ first: of(null, 'second'), second: of('ann', 'third'), third: of('bob') });
  expect(await destroyChain('first', parts)).toBe(true);
  expect(parts.ended).toEqual(['third', 'second', 'first']);
});

test('a claim that lands between reading and ending is followed', async () => {
  let isClaimed = false;
  const parts = storage({ first: of(null), second: of('ann') }, (handle) => {
    if (handle === 'first' && !isClaimed) parts.records.set('first', of(null, 'second'));
    isClaimed = true;
  });
  expect(await destroyChain('first', parts)).toBe(true);
  expect(parts.ended).toEqual(['second', 'first']);
});

test('a claim that is taken over meanwhile leads to the one that has taken it', async () => {
  const parts = storage({ first: of(null, 'lost'), lost: of('ann'), winner: of('bob') }, (handle) => {
    if (handle === 'lost') parts.records.set('first', of(null, 'winner'));
  });
  expect(await destroyChain('first', parts)).toBe(true);
  expect(parts.ended).toEqual(['lost', 'winner', 'first']);
});

test('of a user only what is theirs ends, and a chain whose end is gone ends nothing that was live', async () => {
  const parts = storage({ first: of('ann', 'gone') });
  expect(await destroyChain('first', { ...parts, ofUser: 'bob' })).toBe(false);
  expect(await destroyChain('nobody', { ...parts, ofUser: 'bob' })).toBe(false);
  expect(parts.ended).toEqual([]);
  expect(await destroyChain('first', { ...parts, ofUser: 'ann' })).toBe(false);
  expect(parts.ended).toEqual(['first']);
});

test('damaged records that lead in a circle end all the same', async () => {
  const parts = storage({ first: of(null, 'second'), second: of(null, 'first') });
  expect(await destroyChain('first', parts)).toBe(false);
  expect(parts.records.size).toBe(0);
});
