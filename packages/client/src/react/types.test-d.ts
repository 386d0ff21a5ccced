import type { AppRouter } from '@gatehouse/api';
import type { Role } from '@gatehouse/contract';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { expectTypeOf } from 'vitest';
import type { errorReason, GatehouseClient } from '../index.ts';
import type { createGatehouse, useLogin, useMe } from './index.ts';

/** Compiled by `typecheck`, never run: it fails to compile when types stop going all the way. */

// `any` would make every line below pass.
expectTypeOf<AppRouter>().not.toBeAny();
expectTypeOf<AppRouter['_def']['record']>().not.toBeAny();
expectTypeOf<GatehouseClient>().not.toBeAny();
expectTypeOf<inferRouterInputs<AppRouter>['auth']['login']>().toEqualTypeOf<{
  identifier: string;
  password: string;
  remember?: boolean | undefined;
}>();

type Seen = NonNullable<ReturnType<typeof useMe>['data']>;
expectTypeOf<Seen>().not.toBeAny();
expectTypeOf<Seen['user']['role']>().toEqualTypeOf<'user' | 'admin'>();
expectTypeOf<Seen['user']['role']>().toEqualTypeOf<Role>();
expectTypeOf<Seen['session']['loginTime']>().toEqualTypeOf<Date>();
expectTypeOf<Seen['session']['expires']>().toEqualTypeOf<Date>();
expectTypeOf<Seen['serverNow']>().toEqualTypeOf<Date>();

type Found = Extract<Awaited<ReturnType<ReturnType<typeof createGatehouse>['presence']>>, { signedIn: true }>;
expectTypeOf<Found['me']>().toEqualTypeOf<Seen>();
expectTypeOf<inferRouterOutputs<AppRouter>['auth']['presence']['signedIn']>().toEqualTypeOf<boolean>();

// On the wire a Date is text: whoever reads it undecoded gets a string, and is told so.
expectTypeOf<NonNullable<ReturnType<typeof useLogin>['data']>['serverNow']>().toEqualTypeOf<string>();
expectTypeOf<ReturnType<typeof errorReason>>().not.toBeAny();

declare const client: GatehouseClient;
// @ts-expect-error There is no such procedure.
void client.auth.nothing;
// @ts-expect-error A name is text.
void client.account.updateProfile.mutate({ name: 1 });
