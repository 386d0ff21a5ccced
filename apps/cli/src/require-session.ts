import type { Engine } from '@gatehouse/session';
import type { StoredSession } from '@gatehouse/session/engine';
import { Failure } from './failure.ts';
import { printable, shortened } from './terminal/printable.ts';

/** The live session with this handle. @throws Failure NOT_FOUND */
export async function requireSession(engine: Engine, handle: string): Promise<StoredSession> {
  const session = handle === '' ? undefined : await engine.find(handle);
  if (!session) throw noSession(handle);
  return session;
}

export const noSession = (handle: string): Failure =>
  new Failure('NOT_FOUND', `There is no live session ${shortened(printable(handle), 60)}. List them: gatehouse sessions list`);
