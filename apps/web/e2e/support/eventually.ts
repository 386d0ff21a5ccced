import { expect } from 'vitest';

/** Longer than any wait that is not a fault, on a busy machine. */
export const WAIT_MS = 45_000;

/** `await eventually(() => page.title()).toBe('…')`: reads until it is so, instead of sleeping for luck. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: WAIT_MS, interval: 50 });
