import { expect, test, vi } from 'vitest';
import { createPasswordPrompt } from './password-prompt.ts';

test('a prompt is open until it is answered, and notifies the dialog', async () => {
  const prompt = createPasswordPrompt();
  const onChange = vi.fn<() => void>();
  prompt.subscribe(onChange);
  const asked = prompt.ask();
  expect(prompt.isOpen()).toBe(true);
  prompt.answer(true);
  await expect(asked).resolves.toBe(true);
  expect(prompt.isOpen()).toBe(false);
  expect(onChange).toHaveBeenCalledTimes(2);
});

test('without a dialog, a prompt is cancelled', async () => {
  await expect(createPasswordPrompt().ask()).resolves.toBe(false);
});

test('unmounting the dialog, as on sign-out, cancels the prompt', async () => {
  const prompt = createPasswordPrompt();
  const unsubscribe = prompt.subscribe(() => undefined);
  const asked = prompt.ask();
  unsubscribe();
  await expect(asked).resolves.toBe(false);
  expect(prompt.isOpen()).toBe(false);
});
