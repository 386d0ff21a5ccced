import type { Settings } from '@gatehouse/settings';
import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * JSON lines in production, readable ones elsewhere. Secrets are kept out by what is logged, not by filters:
 * nothing logs a request's headers, body or query. The redaction is for what a library might.
 */
export function createLogger({ environment, server }: Settings): Logger {
  return pino({
    level: server.logLevel,
    base: null,
    redact: { paths: ['*.password', '*.cookie', '*.authorization', '*["set-cookie"]', '*.headers'], censor: '[redacted]' },
    ...(environment !== 'production' && {
      transport: {
        target: 'pino-pretty',
        options: { singleLine: true, translateTime: 'HH:MM:ss', ignore: 'pid,hostname', messageFormat: '{msg}' },
      },
    }),
  });
}
