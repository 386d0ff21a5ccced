export type { Context } from './context.ts';
export type { FieldErrors } from './error-shape.ts';
export type { AccountsPort, Authentication, CallFacts, CommitOutcome, SessionPort, SessionState, SessionView } from './ports.ts';
export { ajaxProcedure, ajaxProtectedProcedure, protectedProcedure, publicProcedure, requireRole } from './procedures.ts';
export { Refusal, refuse } from './refusal.ts';
export { appRouter, type AppRouter } from './router.ts';
