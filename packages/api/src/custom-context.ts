/**
 * What an app adds to the context of every procedure:
 *
 *     declare module '@gatehouse/server' {
 *       interface CustomContext {
 *         readonly orders: OrderService;
 *       }
 *     }
 *
 * Its values come from the option `context` of `gatehouse.trpc`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface CustomContext {}
