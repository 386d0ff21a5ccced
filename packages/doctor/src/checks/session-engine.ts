import { engineEntry } from '@gatehouse/session/registry';
import { error, ok, warning, type Check } from '../check.ts';

/**
 * Warns if `SESSION_ENGINE` is `memory`; in production that is an error. This engine is for tests, demos and examples: sessions end with the
 * process, and other processes do not have them.
 */
export const sessionEngine: Check = {
  id: 'session-engine',
  needs: ['NODE_ENV', 'SESSION_ENGINE'],
  judge({ settings }) {
    const { engine } = settings.session;
    if (engineEntry(engine).sessionsIn !== 'memory') return ok(`SESSION_ENGINE is ${engine}.`);
    const found = `With SESSION_ENGINE=${engine}, sessions are in the memory of one process: a restart signs everyone out, and a second process does not know them.`;
    const fix = 'Remove SESSION_ENGINE; the default, db, only needs a file.';
    return settings.environment === 'production' ? error(found, fix) : warning(found, fix);
  },
};
