import { expect, test, vi } from 'vitest';
import { createPasswordQuestion } from './password-question.ts';

test('a question is open until it is answered, and says so to the dialog', async () => {
  const question = createPasswordQuestion();
  const onChange = vi.fn<() => void>();
  question.subscribe(onChange);
  const asked = question.ask();
  expect(question.isOpen()).toBe(true);
  question.answer(true);
  await expect(asked).resolves.toBe(true);
  expect(question.isOpen()).toBe(false);
  expect(onChange).toHaveBeenCalledTimes(2);
});

test('where there is no dialog nobody waits: the answer is no', async () => {
  await expect(createPasswordQuestion().ask()).resolves.toBe(false);
});

test('a dialog that leaves the page, as on signing out, answers no', async () => {
  const question = createPasswordQuestion();
  const leave = question.subscribe(() => undefined);
  const asked = question.ask();
  leave();
  await expect(asked).resolves.toBe(false);
  expect(question.isOpen()).toBe(false);
});
