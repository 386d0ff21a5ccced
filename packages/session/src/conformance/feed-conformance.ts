import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../engine-port.ts';
import { createSessionFeed, type LiveEvent, type SessionFeed } from '../live/session-feed.ts';
import type { EngineFixture } from './engine-fixture.ts';
import { signInFrom, store } from './records.ts';

/** What a process that watches a session learns, while another process changes things. */
export function feedConformance(current: () => EngineFixture): void {
  describe('watched sessions', () => {
    const feeds: SessionFeed[] = [];
    afterEach(async () => void (await Promise.all(feeds.splice(0).map((feed) => feed.close()))));

    /** Watches with an engine of its own, and waits until no change can be missed. */
    async function watch(...handles: string[]): Promise<{ feed: SessionFeed; events: LiveEvent[][] }> {
      const engine = await current().open();
      const feed = createSessionFeed({ engine, now: current().clock.now });
      feeds.push(feed);
      const events = handles.map((handle) => {
        const seen: LiveEvent[] = [];
        feed.watch(handle, (event) => void seen.push(event));
        return seen;
      });
      await vi.waitFor(() => expect(events.every(([first]) => first?.kind === 'ready')).toBe(true), WITHIN);
      return { feed, events };
    }

    const said = (events: LiveEvent[] | undefined, event: Partial<LiveEvent>): Promise<void> =>
      vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining(event)), WITHIN);

    test('an end, a claim, the end of all of a user’s sessions and an expiry are told; another user’s session stays', async () => {
      const { accounts, clock } = current();
      const engine = await current().open();
      const [ada, bob] = [await accounts.create(), await accounts.create()];
      const make = (user = ada, fixedExpiryMs: number | null = null) => store(current(), engine, { user, fixedExpiryMs });
      const [ended, one, other, expiring] = [await make(), await make(), await make(), await make(bob, clock.now() + 60_000)];
      const [anonymous, bobs] = [await store(current(), engine), await make(bob)];
      const handles = [ended, one, other, expiring, anonymous, bobs].map(({ handle }) => handle);
      const { feed, events } = await watch(...handles);
      expect(feed.size).toBe(6);

      await engine.destroy(ended.handle);
      await said(events[0], { kind: 'ended', reason: 'SESSION_ENDED' });
      await said(events[1], { kind: 'sessions' });
      await signInFrom(current(), engine, anonymous, { user: bob });
      await said(events[4], { kind: 'ended', reason: 'SESSION_ENDED' });
      await said(events[5], { kind: 'sessions' });
      await engine.destroyByUser(ada.user.id);
      await said(events[1], { kind: 'ended' });
      await said(events[2], { kind: 'ended' });
      clock.advance(60_000);
      await said(events[3], { kind: 'ended', reason: 'SESSION_EXPIRED' });
      expect(events[5]?.some(({ kind }) => kind === 'ended')).toBe(false);
      expect(feed.size).toBe(1);
    });

    test('a changed user is told with what changed; a suspension ends', async () => {
      const { accounts } = current();
      const engine = await current().open();
      const [ada, bob] = [await accounts.create(), await accounts.create()];
      const [hers, his] = [await store(current(), engine, { user: ada }), await store(current(), engine, { user: bob })];
      const { events } = await watch(hers.handle, his.handle);
      await accounts.setRole(ada.user.id, 'admin');
      await said(events[0], { kind: 'user', user: { ...ada.user, role: 'admin' } });
      await accounts.suspend(bob.user.id);
      await said(events[1], { kind: 'ended', reason: 'SESSION_ENDED' });
      expect(events[0]?.map(({ kind }) => kind)).toEqual(['ready', 'user']);
    });

    test('a session that has ended before it is watched is told; peek reads many at once and is not activity', async () => {
      const engine: Engine = await current().open();
      const user = await current().accounts.create();
      const [live, gone] = [await store(current(), engine, { user }), await store(current(), engine, { user })];
      await engine.destroy(gone.handle);
      current().clock.advance(3_600_000);
      const found = await engine.peek([live.handle, gone.handle, 'ses_unknown', '']);
      expect([...found.keys()]).toEqual([live.handle]);
      expect(found.get(live.handle)).toMatchObject({ userId: user.user.id, user: user.user, expiresAtMs: live.expiresAtMs });
      expect((await engine.find(live.handle))?.record.lastActivityAtMs).toBe(live.lastActivityAtMs);
      const feed = createSessionFeed({ engine, now: current().clock.now });
      feeds.push(feed);
      const events: LiveEvent[] = [];
      feed.watch(gone.handle, (event) => void events.push(event));
      await said(events, { kind: 'ended', reason: 'SESSION_ENDED' });
    });
  });
}

const WITHIN = { timeout: 20_000, interval: 10 };
