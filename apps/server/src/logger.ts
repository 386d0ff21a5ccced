import type { Settings } from '@gatehouse/settings';
import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * Logs JSON lines in production and readable text elsewhere. No code logs the headers, body or query of a request; the
 * redaction is a second line of defence, for objects that libraries log.
 * @param destination receives JSON lines in every environment.
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
