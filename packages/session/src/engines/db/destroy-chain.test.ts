import { expect, test } from 'vitest';
import { destroyChain, type SessionLink } from './destroy-chain.ts';

/** Records in memory, with hooks between reading and ending one of them. */
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

test('the last session of a chain ends first, so that after a crash a repetition finds the rest', async () => {
  const parts = storage({ first: of(null, 'second'), second: of('ann', 'third'), third: of('bob') });
  expect(await destroyChain('first', parts)).toBe(true);
  expect(parts.ended).toEqual(['third', 'second', 'first']);
});

test('follows a claim that arrives between reading and ending', async () => {
  let isClaimed = false;
  const parts = storage({ first: of(null), second: of('ann') }, (handle) => {
    if (handle === 'first' && !isClaimed) parts.records.set('first', of(null, 'second'));
    isClaimed = true;
  });
  expect(await destroyChain('first', parts)).toBe(true);
  expect(parts.ended).toEqual(['second', 'first']);
});

test('follows a claim that is replaced in the meantime', async () => {
  const parts = storage({ first: of(null, 'lost'), lost: of('ann'), winner: of('bob') }, (handle) => {
    if (handle === 'lost') parts.records.set('first', of(null, 'winner'));
  });
  expect(await destroyChain('first', parts)).toBe(true);
  expect(parts.ended).toEqual(['lost', 'winner', 'first']);
});

test('only ends sessions of the given user, and reports nothing ended if the chain’s end is gone', async () => {
  const parts = storage({ first: of('ann', 'gone') });
  expect(await destroyChain('first', { ...parts, ofUser: 'bob' })).toBe(false);
  expect(await destroyChain('nobody', { ...parts, ofUser: 'bob' })).toBe(false);
  expect(parts.ended).toEqual([]);
  expect(await destroyChain('first', { ...parts, ofUser: 'ann' })).toBe(false);
  expect(parts.ended).toEqual(['first']);
});

test('ends damaged records that form a cycle', async () => {
  const parts = storage({ first: of(null, 'second'), second: of(null, 'first') });
  expect(await destroyChain('first', parts)).toBe(false);
  expect(parts.records.size).toBe(0);
});
