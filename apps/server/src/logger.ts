import type { Settings } from '@gatehouse/settings';
import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * JSON lines in production, readable ones elsewhere. Secrets are kept out by what is logged, not by filters:
 * nothing logs a request's headers, body or query. The redaction is for what a library might.
 * `destination`: JSON lines to there.
 */
export function createLogger({ environment, server }: Settings, destination?: DestinationStream): Logger {
  const options = {
    level: server.logLevel,
    base: null,
    redact: { paths: ['*.password', '*.cookie', '*.authorization', '*["set-cookie"]', '*.headers'], censor: '[redacted]' },
  };
  if (destination) return pino(options, destination);
  return pino({
    ...options,
    ...(environment !== 'production' && {
      transport: {
        target: 'pino-pretty',
        options: { singleLine: true, translateTime: 'HH:MM:ss', ignore: 'pid,hostname', messageFormat: '{msg}' },
      },
    }),
  });
}
