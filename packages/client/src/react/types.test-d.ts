import type { AppRouter } from '@gatehouse/api';
import type { Role } from '@gatehouse/contract';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { expectTypeOf } from 'vitest';
import type { errorReason, GatehouseClient } from '../index.ts';
import type { createGatehouse, useLogin, useMe } from './index.ts';

/** Compiled by `typecheck`, never run: it checks that types are inferred from the router to the hooks. */

// With `any`, every line below would pass.
expectTypeOf<AppRouter>().not.toBeAny();
expectTypeOf<AppRouter['_def']['record']>().not.toBeAny();
expectTypeOf<GatehouseClient>().not.toBeAny();
expectTypeOf<inferRouterInputs<AppRouter>['auth']['login']>().toEqualTypeOf<{
  identifier: string;
  password: string;
  remember?: boolean | undefined;
}>();

type UseMeData = NonNullable<ReturnType<typeof useMe>['data']>;
expectTypeOf<UseMeData>().not.toBeAny();
expectTypeOf<UseMeData['user']['role']>().toEqualTypeOf<'user' | 'admin'>();
expectTypeOf<UseMeData['user']['role']>().toEqualTypeOf<Role>();
expectTypeOf<UseMeData['session']['loginTime']>().toEqualTypeOf<Date>();
expectTypeOf<UseMeData['session']['expires']>().toEqualTypeOf<Date>();
expectTypeOf<UseMeData['serverNow']>().toEqualTypeOf<Date>();

type SignedIn = Extract<Awaited<ReturnType<ReturnType<typeof createGatehouse>['presence']>>, { signedIn: true }>;
expectTypeOf<SignedIn['me']>().toEqualTypeOf<UseMeData>();
expectTypeOf<inferRouterOutputs<AppRouter>['auth']['presence']['signedIn']>().toEqualTypeOf<boolean>();

// On the wire, a Date is a string, and the types of raw results say so.
expectTypeOf<NonNullable<ReturnType<typeof useLogin>['data']>['serverNow']>().toEqualTypeOf<string>();
expectTypeOf<ReturnType<typeof errorReason>>().not.toBeAny();

declare const client: GatehouseClient;
// @ts-expect-error This procedure does not exist.
void client.auth.nothing;
// @ts-expect-error The name must be a string.
void client.account.updateProfile.mutate({ name: 1 });
