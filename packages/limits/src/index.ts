export { addressKey } from './address-key.ts';
export type { KnownDevice } from './bucket-names.ts';
export { deviceTokens, type DeviceTokens } from './device-token.ts';
export { createLimitsForEngine, type LimitsOptions } from './engine-limits.ts';
export { createSignInQueue, type SignInQueue, type SignInTurn } from './sign-in-queue.ts';
export type { Attempt, LimitSettings, SignInCall, SignInLimits } from './sign-in-limits.ts';
