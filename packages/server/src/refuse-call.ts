import { gatehouseRouter, refuse } from '@gatehouse/api';
import type { Reason } from '@gatehouse/contract';
import { getTRPCErrorShape } from '@trpc/server';
import type { Response } from 'express';

/**
 * Refuses a call that does not reach the router in the router's own format. The `reason` is also where JSON responses of Express routes
 * have it.
 */
export function refuseCall(res: Response, reason: Reason): void {
  const shape = getTRPCErrorShape({
    config: gatehouseRouter._def._config,
    error: refuse(reason),
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  res.setHeader('Cache-Control', 'no-store');
  res.status(shape.data.httpStatus).json({ error: { ...shape, reason } });
}
