import type { RunningApp } from './running-app.ts';
import type { Visitor } from './visitor.ts';

/** Changes the session as if the visitor had last entered the password long ago. */
export async function letPasswordGrowStale(app: RunningApp, browser: Visitor): Promise<void> {
  const me = await browser.query('auth.me');
  const found = await app.engine.find(me.data.session.handle);
  if (!found) throw new Error('This visitor is not signed in.');
  const { record } = found;
  const data = { ...record.data, authenticatedAt: '2020-01-01T00:00:00.000Z' };
  const outcome = await app.engine.update(record.handle, { expectedVersion: record.version, data, timestamps: record });
  if (outcome.status !== 'updated') throw new Error(outcome.status);
}
