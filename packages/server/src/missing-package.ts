import { StartError } from './start-error.ts';

const CODES: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/** A StartError that names the package, if the error says that one is not installed. */
export function missingPackage(error: unknown): StartError | undefined {
  if (!(error instanceof Error) || !CODES.has((error as NodeJS.ErrnoException).code)) return undefined;
  const name = /package '([^']+)'|module '([^']+)'/.exec(error.message);
  const missing = name?.[1] ?? name?.[2];
  if (missing === undefined) return undefined;
  return new StartError(`The package ${missing} is not installed, and these settings need it. Run: npm install ${missing}`, {
    cause: error,
  });
}
