import { expect, test } from 'vitest';
import { extendOnInput } from './extend-on-input.ts';

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 12, n));

/** A session of an hour, last used at 12:00. Its times are shared by all tabs. */
function session({ absoluteMinute = 600, fails = false } = {}) {
  const tab = () => new EventTarget();
  const state = {
    lastActivity: minute(0),
    expires: minute(60),
    absoluteExpires: minute(absoluteMinute),
    nowMinute: 0,
    calls: 0,
    isSignedIn: true,
  };
  const open = (target = tab()) => {
    const stop = extendOnInput({
      target,
      session: () => (state.isSignedIn ? state : undefined),
      now: () => minute(state.nowMinute),
      async extend() {
        state.calls += 1;
        if (fails) throw new Error('offline');
        state.lastActivity = minute(state.nowMinute);
        state.expires = minute(Math.min(state.nowMinute + 60, absoluteMinute));
      },
    });
    return {
      stop,
      async input(event = 'keydown') {
        target.dispatchEvent(new Event(event));
        // The call, and what follows it.
        await Promise.resolve();
        await Promise.resolve();
      },
    };
  };
  return { state, open };
}

test('input extends the session once a tenth of the idle time has passed since the last activity, and not before', async () => {
  const { state, open } = session();
  const { input } = open();
  state.nowMinute = 5;
  await input();
  expect(state.calls).toBe(0);
  state.nowMinute = 6;
  await input();
  await input();
  expect(state.calls).toBe(1);
  state.nowMinute = 50;
  await input('pointerdown');
  expect([state.calls, state.expires]).toEqual([2, minute(110)]);
});

test('what another tab has extended needs no further call', async () => {
  const { state, open } = session();
  const [one, other] = [open(), open()];
  state.nowMinute = 30;
  await one.input();
  await other.input();
  expect(state.calls).toBe(1);
});

test.each(['focus', 'visibilitychange', 'online', 'pointermove', 'scroll', 'message', 'click'])('%s extends nothing', async (event) => {
  const { state, open } = session();
  state.nowMinute = 30;
  await open().input(event);
  expect(state.calls).toBe(0);
});

test('nothing is extended without a session, after its end, beyond its absolute age, or after stop', async () => {
  const ended = session();
  ended.state.nowMinute = 60;
  await ended.open().input();
  const signedOut = session();
  signedOut.state.isSignedIn = false;
  signedOut.state.nowMinute = 30;
  await signedOut.open().input();
  const absolute = session({ absoluteMinute: 60 });
  absolute.state.nowMinute = 30;
  await absolute.open().input();
  const stopped = session();
  stopped.state.nowMinute = 30;
  const { stop, input } = stopped.open();
  stop();
  await input();
  expect([ended, signedOut, absolute, stopped].map(({ state }) => state.calls)).toEqual([0, 0, 0, 0]);
});

test('after a failure, not every key tries again', async () => {
  const { state, open } = session({ fails: true });
  const { input } = open();
  state.nowMinute = 30;
  await input();
  await input();
  expect(state.calls).toBe(1);
  state.nowMinute = 31;
  await input();
  expect(state.calls).toBe(2);
});
