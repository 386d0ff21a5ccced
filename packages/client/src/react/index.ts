export { useLogin, useLogout, useReauthenticate } from './auth-mutations.ts';
export { createGatehouse, type Gatehouse, type GatehouseOptions } from './create-gatehouse.ts';
export type { Presence } from '@gatehouse/contract';
export { GatehouseProvider, useGatehouse } from './provider.tsx';
export { trpc } from './trpc.ts';
export { useMe } from './use-me.ts';
export { useServerNow } from './use-server-now.ts';
export { watchUserActivity, type UserActivity } from './user-activity.ts';
