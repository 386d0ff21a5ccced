import type { Logger } from './logger.ts';

/** More than a running server usually logs, and less than `trace`. */
const VERBOSE = 'debug';

/** On SIGUSR2, logs at `debug`; on the next one, at the level of before. Each change is logged, whatever the level is. */
export function switchLevelOnSignal(logger: Pick<Logger, 'level' | 'info'>, on: Pick<NodeJS.Process, 'on'> = process): void {
  const usual = logger.level === VERBOSE ? 'info' : logger.level;
  on.on('SIGUSR2', () => {
    const [from, to] = logger.level === VERBOSE ? [VERBOSE, usual] : [logger.level, VERBOSE];
    logger.level = VERBOSE;
    logger.info({ from, to }, `The log level is now ${to}, because of SIGUSR2.`);
    logger.level = to;
  });
}
