import { expect, test } from 'vitest';
import { watchPerson } from './person.ts';

function watched() {
  const target = new EventTarget();
  let nowMs = 1000;
  const person = watchPerson({ target, now: () => nowMs });
  return { target, person, pass: (ms: number) => void (nowMs += ms) };
}

test('opening the page is an act of a person, and what follows much later is not its consequence', () => {
  const { person, pass } = watched();
  expect(person.caused()).toBe(true);
  pass(10_000);
  expect(person.caused()).toBe(true);
  pass(1);
  expect(person.caused()).toBe(false);
});

test.each(['pointerdown', 'click', 'keydown', 'input', 'popstate', 'pageshow'])('%s is an act', (act) => {
  const { target, person, pass } = watched();
  pass(3_600_000);
  target.dispatchEvent(new Event(act));
  expect(person.caused()).toBe(true);
});

test.each(['focus', 'visibilitychange', 'online', 'pointermove', 'scroll', 'message'])('%s is none: nobody need have done it', (act) => {
  const { target, person, pass } = watched();
  pass(3_600_000);
  target.dispatchEvent(new Event(act));
  expect(person.caused()).toBe(false);
});

test('where there is no window every request is a person’s', () => {
  expect(watchPerson().caused()).toBe(true);
});

test('it hears no more once it is stopped', () => {
  const { target, person, pass } = watched();
  pass(3_600_000);
  person.stop();
  target.dispatchEvent(new Event('click'));
  expect(person.caused()).toBe(false);
});
