import { userInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** Where someone is signed in, newest activity first. */
export const listUserSessions = adminProcedure.input(userInputSchema).query(({ ctx, input }) => ctx.sessions.listByUser(input.userId));
