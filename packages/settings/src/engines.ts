import { z } from 'zod';
import { refuse, shown } from './problem.ts';

/** The engines there are, by Django's names. Add one here when `@gatehouse/session` registers it. */
const ENGINES = ['db'] as const;
export type EngineName = (typeof ENGINES)[number];

/** To come: asked for by name, they deserve a better answer than "unknown". */
const ANNOUNCED: ReadonlySet<string> = new Set(['redis', 'cached_db']);

/** Where sessions live. */
export const engineForm = z.string().transform((text, ctx): EngineName => {
  const name = text.toLowerCase();
  const engine = ENGINES.find((known) => known === name);
  if (engine) return engine;
  const available = ENGINES.join(', ');
  const problem = ANNOUNCED.has(name)
    ? `asks for ${name}, which this version does not have yet; it has ${available}.`
    : `must be one of ${available}, not ${shown(text)}.`;
  return refuse(ctx, problem, `Write ${ENGINES.join(' or ')}.`);
});
