import type { AppRouter, gatehouseRouter, mergeRouters, router } from '@gatehouse/api';
import type { Role } from '@gatehouse/contract';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { expectTypeOf } from 'vitest';
import type { CheckedRecord } from '../contains-gatehouse.ts';
import type { errorReason, GatehouseClient } from '../index.ts';
import type { createTRPCOptionsProxy, createUseTRPC } from '../tanstack/index.ts';
import type { createGatehouse, createTRPCReact, Gatehouse, useGatehouse, useLogin, useMe } from './index.ts';

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

// An own router, in hooks, option proxies and the client.
declare const greetings: ReturnType<typeof router<{ greet: AppRouter['_def']['record']['auth']['presence'] }>>;
type OwnRouter = ReturnType<typeof mergeRouters<[typeof gatehouseRouter, typeof greetings]>>;

type OwnGatehouse = ReturnType<typeof createGatehouse<OwnRouter>>;
expectTypeOf<OwnGatehouse>().toEqualTypeOf<Gatehouse<OwnRouter>>();
expectTypeOf<OwnGatehouse['trpcClient']['greet']>().not.toBeAny();
expectTypeOf<Awaited<ReturnType<OwnGatehouse['trpcClient']['greet']['query']>>['signedIn']>().toEqualTypeOf<boolean>();
expectTypeOf<ReturnType<typeof useGatehouse<OwnRouter>>>().toEqualTypeOf<Gatehouse<OwnRouter>>();

type Hooks = ReturnType<typeof createTRPCReact<OwnRouter>>;
type HookData = NonNullable<ReturnType<ReturnType<Hooks['useUtils']>['greet']['getData']>>;
expectTypeOf<HookData>().not.toBeAny();
expectTypeOf<HookData['signedIn']>().toEqualTypeOf<boolean>();
expectTypeOf<ReturnType<Hooks['account']['updateProfile']['useMutation']>>().not.toBeAny();

type Proxy = ReturnType<typeof createTRPCOptionsProxy<OwnRouter>>;
expectTypeOf<Proxy>().toEqualTypeOf<ReturnType<ReturnType<typeof createUseTRPC<OwnRouter>>>>();
expectTypeOf<Proxy['greet']['~types']['output']>().not.toBeAny();
expectTypeOf<Proxy['greet']['~types']['output']['signedIn']>().toEqualTypeOf<boolean>();

// A router without Gatehouse's procedures. The expected type is the end of the compiler's message.
expectTypeOf<
  CheckedRecord<(typeof greetings)['_def']['record']>
>().toEqualTypeOf<'This router lacks the procedures of Gatehouse. Merge them: mergeRouters(gatehouseRouter, yourRouter).'>();
// @ts-expect-error
expectTypeOf<typeof createGatehouse<typeof greetings>>();
// @ts-expect-error
expectTypeOf<typeof createTRPCReact<typeof greetings>>();
// @ts-expect-error
expectTypeOf<typeof createTRPCOptionsProxy<typeof greetings>>();
// @ts-expect-error
expectTypeOf<typeof createUseTRPC<typeof greetings>>();
// @ts-expect-error
expectTypeOf<typeof useGatehouse<typeof greetings>>();
// @ts-expect-error
expectTypeOf<GatehouseClient<typeof greetings>>();
