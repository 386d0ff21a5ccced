import { ENGINE_NAMES, type EngineName } from '@gatehouse/session/registry';
import { z } from 'zod';
import { refuse, shown } from './problem.ts';

/** Where sessions live: an engine that is registered. */
export const engineForm = z.string().transform((text, ctx): EngineName => {
  const engine = ENGINE_NAMES.find((known) => known === text.toLowerCase());
  return engine ?? refuse(ctx, `must be one of ${ENGINE_NAMES.join(', ')}, not ${shown(text)}.`, `Write ${ENGINE_NAMES.join(' or ')}.`);
});
