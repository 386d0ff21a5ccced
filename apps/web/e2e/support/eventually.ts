import { expect } from 'vitest';

/** Longer than any legitimate wait, even on a busy machine. */
export const WAIT_MS = 45_000;

/** `await eventually(() => page.title()).toBe('…')` polls until the assertion passes. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: WAIT_MS, interval: 50 });
