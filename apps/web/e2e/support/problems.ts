import type { BrowserContext } from 'playwright-core';

export interface Problems {
  /** For tests in which something goes wrong on purpose: what the console may say about it. */
  readonly expect: (...messages: RegExp[]) => void;
  /** What no test expects: console errors and warnings, uncaught exceptions, violations of the content security policy. */
  readonly found: () => string[];
}

export async function watchProblems(context: BrowserContext): Promise<Problems> {
  const found: string[] = [];
  const expected: RegExp[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
  });
  context.on('weberror', (error) => found.push(`Uncaught: ${error.error().message}`));
  // The console may group or drop them; the event does not.
  await context.exposeFunction('reportViolation', (violation: string) => found.push(violation));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      const report = (window as unknown as { reportViolation: (violation: string) => void }).reportViolation;
      report(`Policy violation: ${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  return {
    expect: (...messages) => void expected.push(...messages),
    found: () => found.filter((text) => !expected.some((pattern) => pattern.test(text))),
  };
}
