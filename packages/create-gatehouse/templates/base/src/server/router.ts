import { gatehouseRouter, mergeRouters, protectedProcedure, router } from '@gatehouse/server';

/** Only for users who are signed in. `ctx.user` has your own fields, as typed in user-fields.ts. */
const greeting = protectedProcedure.query(({ ctx }) => ({ text: `Hello ${ctx.user.name}`, team: ctx.user.attributes.team }));

/** Your procedures, beside Gatehouse's: auth.*, account.*, sessions.* and admin.*. */
export const appRouter = mergeRouters(gatehouseRouter, router({ greeting }));

export type AppRouter = typeof appRouter;
