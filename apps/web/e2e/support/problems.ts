import type { BrowserContext } from 'playwright-core';

export interface Problems {
  /** Console messages that the test provokes. */
  readonly expect: (...messages: RegExp[]) => void;
  /** Unexpected console errors and warnings, uncaught exceptions, and violations of the content security policy. */
  readonly found: () => string[];
}

export async function watchProblems(context: BrowserContext): Promise<Problems> {
  const found: string[] = [];
  const expected: RegExp[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
  });
  context.on('weberror', (error) => found.push(`Uncaught: ${error.error().message}`));
  // The console may group or drop violations; the event reports all of them.
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
