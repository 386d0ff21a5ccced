import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Engine } from '../engine-port.ts';
import { freshSecrets } from '../secrets.ts';
import { hashSecret, newSecret, type SessionToken } from '../session-id.ts';
import { LIFETIMES, type EngineFixture } from './engine-fixture.ts';
import { requestsAt, type Answered } from './requests.ts';
import { checkRace, OPERATIONS, type Operation, type Ran, type Start } from './race-checks.ts';
import { scheduled, step, witnessOf } from './race-steps.ts';
import { newRecord, store } from './records.ts';

const LIVELY = { ...LIFETIMES, activityIntervalMs: 0 };

const start: fc.Arbitrary<Start> = fc.record({
  isSignedIn: fc.boolean(),
  isPresented: fc.boolean(),
  isOverlapping: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/**
 * docs/races.md: every pair of operations with their steps in an order chosen by fast-check, and a sample of triples.
 * `runs`: five of them are one run of each pair and forty triples.
 */
export function raceConformance(fixture: () => EngineFixture, { runs }: { readonly runs: number }): void {
  const open = async () => [await fixture().open(LIVELY), await fixture().open(LIVELY), await fixture().open(LIVELY)] as const;

  test.each(OPERATIONS)('semantics 28: %s beside every operation, in any order of their steps, has the result of races.md', async (one) => {
    const processes = await open();
    for (const other of OPERATIONS.slice(OPERATIONS.indexOf(one)))
      await fc.assert(
        fc.asyncProperty(start, fc.scheduler(), (...args) => run(processes, [one, other], ...args)),
        { numRuns: Math.ceil(runs / 5) },
      );
  });

  test('semantics 28: any three operations, in any order of their steps, have the results of races.md', async () => {
    const processes = await open();
    const three = fc.array(fc.constantFrom(...OPERATIONS), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(three, start, fc.scheduler(), (...args) => run(processes, ...args)),
      { numRuns: runs * 8 },
    );
  });

  /** The last process only reads. */
  async function run(
    [here, there, engine]: readonly [Engine, Engine, Engine],
    operations: readonly Operation[],
    begin: Start,
    scheduler: fc.Scheduler,
  ) {
    await engine.destroyAll();
    const { accounts, source, clock } = fixture();
    const [owner, another] = [await accounts.create(), await accounts.create()];
    await store(fixture(), engine, { user: owner, customAgeSeconds: 1 });
    clock.advance(1000);
    const bystander = await store(fixture(), engine, { user: await accounts.create() });
    const secret = newSecret();
    const nowMs = clock.now();
    const created = await newRecord(fixture(), engine, { user: begin.isSignedIn ? owner : undefined, data: { before: true } });
    const record = {
      ...created,
      ...freshSecrets({ secretHash: hashSecret(secret), nowMs }),
      presentedAtMs: begin.isPresented ? nowMs : null,
    };
    expect(await engine.create(record)).toBe(true);
    const token: SessionToken = { handle: record.handle, secret };
    const witness = witnessOf(record);
    let browser: SessionToken | undefined = token;

    const ran = operations.map((operation, index): Promise<Ran> => {
      const name = `${index}`;
      const process = scheduled(index % 2 ? there : here, scheduler, { name, isOverlapping: begin.isOverlapping, witness });
      const requests = requestsAt({ engine: process, lifetimes: LIVELY, now: clock.now });
      const during = (change: keyof typeof source) =>
        step(
          scheduler,
          `${name}.${change}`,
          () => Reflect.apply(source[change], source, [owner.user.id]) as Promise<unknown>,
          begin.isOverlapping,
        );
      const sent = async (answered: Promise<Answered>, value?: string): Promise<Ran> => {
        const request = await answered;
        if (request.cookie === 'expire') browser = undefined;
        else if (request.cookie) browser = request.cookie;
        return { operation, request, ...(value !== undefined && { value }) };
      };
      const ending = async (ended: Promise<number | boolean>): Promise<Ran> => ({ operation, ended: Number(await ended) });
      switch (operation) {
        case 'sign out':
          return sent(requests.signOut(token));
        case 'revoke':
          return ending(process.destroy(record.handle, begin.isSignedIn ? { ofUser: owner.user.id } : {}));
        case 'revoke user':
          return ending(process.destroyByUser(owner.user.id));
        case 'revoke all':
          return ending(process.destroyAll());
        case 'rotate':
          return sent(requests.rotate(token));
        case 're-authenticate':
          return sent(requests.reauthenticate(owner.credentialEpoch)(token));
        case 'sign in again':
          return sent(requests.signIn(owner.user, owner.credentialEpoch)(token));
        case 'sign in as another':
          return sent(requests.signIn(another.user, another.credentialEpoch)(token));
        case 'write':
          return sent(requests.write({ [`written-${index}`]: true, next: `/${index}` })(token), `${index}`);
        case 'visit':
          return sent(requests.visit(token));
        case 'purge':
          return process.purgeExpired(10).then(() => ({ operation }));
        case 'suspend':
          return (async () => {
            const change = await process.beginUserChange(owner.user.id);
            await during('suspend');
            await process.destroyByUser(owner.user.id, { epochRises: true });
            await process.endUserChange(owner.user.id, change);
            return { operation };
          })();
        case 'change credentials, killed before the commit':
          return process.beginUserChange(owner.user.id).then(() => ({ operation }));
        case 'change credentials, killed after the commit':
          return (async () => {
            await process.beginUserChange(owner.user.id);
            await during('raiseEpoch');
            return { operation };
          })();
      }
    });
    const done = await scheduler.waitFor(Promise.all(ran));
    await checkRace({ engine, start: begin, record, owner, bystander, witness, ran: done, browser });
  }
}
