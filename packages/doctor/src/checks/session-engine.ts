import { engineEntry } from '@gatehouse/session/registry';
import { error, ok, warning, type Check } from '../check.ts';

/**
 * `SESSION_ENGINE=memory` is for tests, demos and examples: sessions end with the process, and only that process knows them. A warning; in
 * production an error.
 */
export const sessionEngine: Check = {
  id: 'session-engine',
  needs: ['NODE_ENV', 'SESSION_ENGINE'],
  judge({ settings }) {
    const { engine } = settings.session;
    if (engineEntry(engine).sessionsIn !== 'memory') return ok(`SESSION_ENGINE is ${engine}.`);
    const found = `With SESSION_ENGINE=${engine} sessions are in the memory of one process: a restart signs everyone out, and a second process does not know them.`;
    const fix = 'Leave SESSION_ENGINE out: db keeps them, and needs no more than a file.';
    return settings.environment === 'production' ? error(found, fix) : warning(found, fix);
  },
};
