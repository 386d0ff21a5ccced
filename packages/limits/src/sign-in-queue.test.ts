import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createSignInQueue, type SignInTurn } from './sign-in-queue.ts';

const MINUTE_MS = 60_000;
const address = (number: number): string => `198.51.${Math.floor(number / 250)}.${(number % 250) + 1}`;

/** The real queue, in which passwords are hashed one at a time, when the test says so. */
function heldSignIns({ maxWaiting = 116 } = {}) {
  const clock = { ms: 0 };
  const queue = createSignInQueue({ concurrency: 1, maxWaiting, now: () => clock.ms });
  const hashed: string[] = [];
  const refused: string[] = [];
  let release: (() => void) | undefined;
  return {
    clock,
    queue,
    hashed,
    refused,
    ask(name: string, turn: SignInTurn): void {
      const hash = (): Promise<void> => new Promise((resolve) => (hashed.push(name), (release = resolve)));
      void queue.run(turn, hash).then(({ ran }) => void (ran || refused.push(name)));
    },
    /** Finishes this many passwords. */
    async hash(count: number): Promise<void> {
      await setImmediate();
      for (let done = 0; done < count; done += 1) {
        release?.();
        // oxlint-disable-next-line no-await-in-loop -- lets the queue start the next one
        await setImmediate();
      }
    },
  };
}

test('security 46: while 200 addresses try passwords, a known device runs next, and a new address soon after', async () => {
  const { ask, hash, hashed, refused, queue } = heldSignIns();
  const flood = (): void => {
    for (let number = 0; number < 200; number += 1) ask(`flood ${number}`, { address: address(number) });
  };
  // Rejected clients retry immediately.
  for (let round = 0; round < 5; round += 1) flood();
  await hash(116);
  flood();
  expect(queue.load()).toMatchObject({ running: 1, waiting: 116 });
  const before = hashed.length;
  ask('fresh', { address: '203.0.113.9' });
  ask('known', { address: address(3), knownTo: 'ada' });
  await hash(3);
  expect(hashed.slice(before).filter((name) => !name.startsWith('flood'))).toEqual(['known', 'fresh']);
  expect(refused).not.toContain('known');
  expect(refused).not.toContain('fresh');
});

test('security 46: of seven turns, known devices get four, rare addresses two and frequent addresses one', async () => {
  const { ask, hash, hashed } = heldSignIns();
  ask('running', { address: address(0) });
  for (let number = 0; number < 2; number += 1) ask('rare', { address: address(0) });
  for (let number = 0; number < 20; number += 1) {
    ask('known', { address: address(number), knownTo: `user ${number}` });
    ask('rare', { address: address(100 + number) });
    ask('frequent', { address: address(0) });
  }
  await hash(14);
  const turns = hashed.slice(1, 15);
  expect(['known', 'rare', 'frequent'].map((lane) => turns.filter((name) => name === lane).length)).toEqual([8, 4, 2]);
});

test('an account has one share, no matter how many known devices it has', async () => {
  const { ask, hash, hashed, refused } = heldSignIns();
  ask('running', { address: address(0) });
  for (let number = 0; number < 30; number += 1) ask('eve', { address: address(number), knownTo: 'eve' });
  ask('ada', { address: address(99), knownTo: 'ada' });
  await hash(2);
  expect(hashed).toEqual(['running', 'eve', 'ada']);
  expect(refused).toHaveLength(22);
});

test('an IPv6 /64 and all clients without an address each count as one client, limited to half of the queue', async () => {
  const { ask, hash, hashed, refused } = heldSignIns({ maxWaiting: 8 });
  ask('running', { address: undefined, knownTo: 'ada' });
  for (let number = 1; number <= 6; number += 1) ask('one network', { address: `2001:db8::${number}` });
  for (let number = 1; number <= 6; number += 1) ask('no address', { address: undefined });
  await setImmediate();
  expect(refused).toEqual(['one network', 'one network', 'no address', 'no address']);
  await hash(9);
  expect(hashed.slice(1, 5)).toEqual(['one network', 'one network', 'no address', 'one network']);
  expect(hashed).toHaveLength(9);
});

test('an address is frequent from its fourth attempt on, until it has made none for 15 minutes', async () => {
  const { ask, hash, hashed, clock } = heldSignIns();
  const turns = async (): Promise<string[]> => {
    ask('running', { address: undefined, knownTo: 'ada' });
    for (let attempt = 1; attempt <= 4; attempt += 1) ask(`attempt ${attempt}`, { address: address(1) });
    ask('another', { address: address(2) });
    await hash(6);
    return hashed.splice(0);
  };
  const first = ['running', 'attempt 1', 'attempt 4', 'another', 'attempt 2', 'attempt 3'];
  expect(await turns()).toEqual(first);
  clock.ms += 15 * MINUTE_MS - 1;
  expect(await turns()).toEqual(['running', 'another', 'attempt 1', 'attempt 2', 'attempt 3', 'attempt 4']);
  clock.ms += 15 * MINUTE_MS;
  expect(await turns()).toEqual(first);
});

test('the memory of addresses is bounded and expires', async () => {
  const { queue, clock } = heldSignIns();
  for (let number = 0; number < 10_050; number += 1)
    // oxlint-disable-next-line no-await-in-loop -- one at a time, so that none is rejected
    await queue.run(
      { address: `10.${Math.floor(number / 62_500)}.${Math.floor(number / 250) % 250}.${number % 250}` },
      async () => undefined,
    );
  expect(queue.load()).toEqual({ running: 0, waiting: 0, keys: 0, remembered: 10_000 });
  clock.ms += 16 * MINUTE_MS;
  await queue.run({ address: address(1) }, async () => undefined);
  expect(queue.load()).toEqual({ running: 0, waiting: 0, keys: 0, remembered: 1 });
});
