import { z } from 'zod';
import { refuse, shown } from './problem.ts';

const ENGINES = ['db', 'redis', 'cached_db'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Add an engine here once `@gatehouse/session` registers it. */
const AVAILABLE: ReadonlySet<EngineName> = new Set<EngineName>(['db']);

/** Where sessions live. Django's names. */
export const engineForm = z.string().transform((text, ctx): EngineName => {
  const mend = `Write ${[...AVAILABLE].join(' or ')}.`;
  const engine = ENGINES.find((name) => name === text.toLowerCase());
  if (!engine) return refuse(ctx, `must be one of ${[...AVAILABLE].join(', ')}, not ${shown(text)}.`, mend);
  if (!AVAILABLE.has(engine)) return refuse(ctx, `asks for ${engine}, which this version does not have yet; it has ${[...AVAILABLE].join(', ')}.`, mend);
  return engine;
});
