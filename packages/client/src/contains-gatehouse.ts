import type { AppRouter } from '@gatehouse/api';
import type { AnyTRPCRouter } from '@trpc/server';

/**
 * The constraint of a router that contains Gatehouse's: `<Router extends ContainsGatehouse<Router>>`. The client and the hooks call the
 * procedures of `auth` themselves. For a router without them, the compiler's error ends with the text below.
 */
export type ContainsGatehouse<Router extends AnyTRPCRouter> = AnyTRPCRouter & {
  readonly _def: { readonly record: CheckedRecord<Router['_def']['record']> };
};

export type CheckedRecord<Record> =
  Record extends Pick<AppRouter['_def']['record'], 'auth'>
    ? unknown
    : 'This router lacks the procedures of Gatehouse. Merge them: mergeRouters(gatehouseRouter, yourRouter).';
