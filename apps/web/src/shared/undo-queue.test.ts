import { expect, test } from 'vitest';
import { createUndoQueue, UNDO_MS } from './undo-queue.ts';

/** A queue with a clock that only moves by `advance`. */
function queueWithClock() {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; run: () => void }>();
  const sent: string[] = [];
  const queue = createUndoQueue({
    now: () => nowMs,
    after(ms, run) {
      const timer = { atMs: nowMs + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  });
  return {
    queue,
    sent,
    add: (id: string) => queue.add(id, () => sent.push(id)),
    advance(ms: number) {
      nowMs += ms;
      for (const timer of timers) {
        if (timer.atMs > nowMs) continue;
        timers.delete(timer);
        timer.run();
      }
    },
  };
}

test('an action is sent once, when its time has passed', () => {
  const { queue, sent, add, advance } = queueWithClock();
  add('ses_1');
  advance(UNDO_MS - 1);
  expect(sent).toEqual([]);
  expect([...queue.waiting().keys()]).toEqual(['ses_1']);
  advance(1);
  advance(UNDO_MS);
  expect(sent).toEqual(['ses_1']);
  expect(queue.waiting().size).toBe(0);
});

test('an undone action is never sent', () => {
  const { queue, sent, add, advance } = queueWithClock();
  add('ses_1');
  add('ses_2');
  queue.undo('ses_1');
  advance(UNDO_MS);
  expect(sent).toEqual(['ses_2']);
});

test('a second click on the same action neither sends it twice nor restarts its time', () => {
  const { sent, add, advance } = queueWithClock();
  add('ses_1');
  advance(UNDO_MS - 1);
  add('ses_1');
  advance(1);
  expect(sent).toEqual(['ses_1']);
});

test('leaving the page sends what is waiting, once', () => {
  const { queue, sent, add, advance } = queueWithClock();
  add('ses_1');
  add('ses_2');
  queue.sendNow();
  expect(sent).toEqual(['ses_1', 'ses_2']);
  advance(UNDO_MS);
  expect(sent).toEqual(['ses_1', 'ses_2']);
});

test('listeners hear of each change, and the snapshot stays the same in between', () => {
  const { queue, add } = queueWithClock();
  let changes = 0;
  const stop = queue.subscribe(() => (changes += 1));
  add('ses_1');
  expect(queue.waiting()).toBe(queue.waiting());
  queue.undo('ses_1');
  queue.undo('ses_1');
  stop();
  add('ses_2');
  expect(changes).toBe(2);
});
