export {
  adminActProcedure,
  adminProcedure,
  ajaxProcedure,
  ajaxProtectedProcedure,
  ajaxSameUserProcedure,
  freshProcedure,
  gatehouseRouter,
  mergeRouters,
  ownSiteProcedure,
  protectedProcedure,
  publicProcedure,
  refuse,
  requireRole as roleProcedure,
  router,
  type AppRouter,
  type Context,
} from '@gatehouse/api';
// `export *`, because other modules cannot merge into an interface that is re-exported by name.
export * from '@gatehouse/api/custom-context';
export {
  getSessionUser,
  requireRole,
  requireSession,
  requireSessionAjax,
  sessionOf,
  type ExpiryPolicy,
  type UserSource,
} from '@gatehouse/session';
export type { EndReason, LiveConnection, NoConnection } from '@gatehouse/session/live';
export { createGatehouse } from './create-gatehouse.ts';
export type { Gatehouse, GatehouseWithUsers, StopOptions, TrpcOptions } from './gatehouse.ts';
export type { GatehouseEvents } from './events.ts';
export type { GatehouseOptions } from './gatehouse-options.ts';
export type { Logger } from './logger.ts';
export type { PasswordCheck } from './password-check.ts';
export { StartError } from './start-error.ts';
