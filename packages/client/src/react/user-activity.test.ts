import { expect, test } from 'vitest';
import { watchUserActivity } from './user-activity.ts';

function watched() {
  const target = new EventTarget();
  let nowMs = 1000;
  const activity = watchUserActivity({ target, now: () => nowMs });
  return { target, activity, pass: (ms: number) => void (nowMs += ms) };
}

test('opening the page counts as user activity for ten seconds', () => {
  const { activity, pass } = watched();
  expect(activity.isRecent()).toBe(true);
  pass(10_000);
  expect(activity.isRecent()).toBe(true);
  pass(1);
  expect(activity.isRecent()).toBe(false);
});

test.each(['pointerdown', 'click', 'keydown', 'input', 'popstate', 'pageshow'])('%s is user activity', (event) => {
  const { target, activity, pass } = watched();
  pass(3_600_000);
  target.dispatchEvent(new Event(event));
  expect(activity.isRecent()).toBe(true);
});

test.each(['focus', 'visibilitychange', 'online', 'pointermove', 'scroll', 'message'])('%s is not user activity', (event) => {
  const { target, activity, pass } = watched();
  pass(3_600_000);
  target.dispatchEvent(new Event(event));
  expect(activity.isRecent()).toBe(false);
});

test('without a window, all requests count as caused by the user', () => {
  expect(watchUserActivity().isRecent()).toBe(true);
});

test('after stop, events are ignored', () => {
  const { target, activity, pass } = watched();
  pass(3_600_000);
  activity.stop();
  target.dispatchEvent(new Event('click'));
  expect(activity.isRecent()).toBe(false);
});
