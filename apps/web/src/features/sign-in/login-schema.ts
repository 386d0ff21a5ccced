export { loginInputSchema } from '@gatehouse/contract';
