export type { Context, GatehouseContext } from './context.ts';
// `export *`, because other modules cannot merge into an interface that is re-exported by name.
export * from './custom-context.ts';
export type { AccountsPort, RequestInfo, SessionPort, SessionsPort } from './ports.ts';
export {
  adminActProcedure,
  adminProcedure,
  ajaxProcedure,
  ajaxProtectedProcedure,
  ajaxSameUserProcedure,
  freshProcedure,
  ownSiteProcedure,
  protectedProcedure,
  publicProcedure,
  requireRole,
} from './procedures.ts';
export { mergeRouters, router, type ProcedureMeta } from './trpc.ts';
export { Refusal, refuse, type FieldErrors } from './refusal.ts';
export { gatehouseRouter, type AppRouter } from './router.ts';
