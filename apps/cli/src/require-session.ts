import type { Engine, LiveSession } from '@gatehouse/session';
import { Failure } from './failure.ts';
import { printable, shortened } from './terminal/printable.ts';

/** The live session of this handle. */
export async function requireSession(engine: Engine, handle: string): Promise<LiveSession> {
  const session = handle === '' ? undefined : await engine.findByHandle(handle);
  if (!session)
    throw new Failure('NOT_FOUND', `There is no live session ${shortened(printable(handle), 60)}. List them: gatehouse sessions list`);
  return session;
}
