import { ajaxProtectedProcedure, gatehouseRouter, mergeRouters, protectedProcedure, router } from '@gatehouse/server';
import { z } from 'zod';
import './session-values.ts';
import './user-attributes.ts';

/** The shop's own procedures. The user field and the session data have the types that they are declared with. */
const shop = router({
  basket: router({
    show: protectedProcedure.query(({ ctx }) => ({
      department: ctx.user.attributes.department,
      items: ctx.session.data.basket ?? [],
    })),

    empty: ajaxProtectedProcedure.mutation(({ ctx }) => {
      delete ctx.session.data.basket;
    }),

    put: ajaxProtectedProcedure.input(z.object({ items: z.array(z.string().min(1).max(80)).max(20) })).mutation(({ ctx, input }) => {
      const items = [...(ctx.session.data.basket ?? []), ...input.items];
      ctx.session.data.basket = items;
      return { items };
    }),
  }),
});

/** Gatehouse's procedures and the shop's. `createClient<ShopRouter>({ url })` has the types of both. */
export const shopRouter = mergeRouters(gatehouseRouter, shop);
export type ShopRouter = typeof shopRouter;
