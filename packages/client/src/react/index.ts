export { createGatehouse, type Gatehouse, type GatehouseOptions } from './create-gatehouse.ts';
export type { Presence } from '@gatehouse/contract';
export { GatehouseProvider, useGatehouse } from './provider.tsx';
export { trpc } from './trpc.ts';
export { useLogin } from './use-login.ts';
export { useLogout } from './use-logout.ts';
export { useMe } from './use-me.ts';
export { useReauthenticate } from './use-reauthenticate.ts';
export { useServerNow } from './use-server-now.ts';
