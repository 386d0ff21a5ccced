export type { Context } from './context.ts';
export type { AccountsPort, RequestInfo, SessionPort, SessionsPort } from './ports.ts';
export {
  ajaxProcedure,
  ajaxProtectedProcedure,
  ajaxSameUserProcedure,
  freshProcedure,
  ownSiteProcedure,
  protectedProcedure,
  publicProcedure,
  requireRole,
} from './procedures.ts';
export type { ProcedureMeta } from './trpc.ts';
export { Refusal, refuse, type FieldErrors } from './refusal.ts';
export { appRouter, type AppRouter } from './router.ts';
