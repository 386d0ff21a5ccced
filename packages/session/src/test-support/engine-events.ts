import type { EngineFixture } from '../conformance/engine-fixture.ts';
import type { EngineOptions } from '../engine-options.ts';

type Events = Pick<EngineFixture, 'corruptions' | 'evictions' | 'expirations'>;

/** Records the events that engines report, and the hooks to pass to the engines. */
export function recordEvents(): { readonly events: Events; readonly hooks: Pick<EngineOptions, 'onCorrupt' | 'onEvicted' | 'onExpired'> } {
  const corruptions: (string | undefined)[] = [];
  const evictions: string[] = [];
  const expirations: string[] = [];
  return {
    events: { corruptions, evictions, expirations },
    hooks: {
      onCorrupt: ({ handle }) => void corruptions.push(handle),
      onEvicted: async (sessions) => void evictions.push(...sessions.map(({ handle }) => handle)),
      onExpired: async ({ sessions }) => void expirations.push(...sessions.map(({ handle }) => handle)),
    },
  };
}
