import { ENGINE_NAMES, type EngineName } from '@gatehouse/session/registry';
import { z } from 'zod';
import { refuse, shown } from './problem.ts';

/** Django's engine that is to come: asked for by name, it deserves a better answer than "unknown". */
const ANNOUNCED: ReadonlySet<string> = new Set(['cached_db']);

/** Where sessions live: an engine that is registered. */
export const engineForm = z.string().transform((text, ctx): EngineName => {
  const name = text.toLowerCase();
  const engine = ENGINE_NAMES.find((known) => known === name);
  if (engine) return engine;
  const available = ENGINE_NAMES.join(', ');
  const problem = ANNOUNCED.has(name)
    ? `asks for ${name}, which this version does not have yet; it has ${available}.`
    : `must be one of ${available}, not ${shown(text)}.`;
  return refuse(ctx, problem, `Write ${ENGINE_NAMES.join(' or ')}.`);
});
