import type { ServerSettings } from '@gatehouse/settings';

type Log = (fields: object, message: string) => void;

/** Where Gatehouse logs. A pino logger is one. Nothing logs a request's headers, body or query. */
export interface Logger {
  readonly error: Log;
  readonly warn: Log;
  readonly info: Log;
}

const SHOWS_WARNINGS: ReadonlySet<ServerSettings['logLevel']> = new Set(['warn', 'info', 'debug', 'trace']);

const ignore: Log = () => undefined;

/** Warnings and errors on stderr, one line each. Activity (`info`) is in the audit trail; pass a logger to log it too. */
export function consoleLogger(level: ServerSettings['logLevel']): Logger {
  const write =
    (severity: string): Log =>
    (fields, message) =>
      console.error(`[gatehouse] ${severity}: ${message}`, fields);
  return {
    error: level === 'silent' || level === 'fatal' ? ignore : write('error'),
    warn: SHOWS_WARNINGS.has(level) ? write('warning') : ignore,
    info: ignore,
  };
}
