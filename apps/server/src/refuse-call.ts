import { appRouter, refuse } from '@gatehouse/api';
import type { Reason } from '@gatehouse/contract';
import { getTRPCErrorShape } from '@trpc/server';
import type { Response } from 'express';

/**
 * Answers a call that the router never sees as the router would: JSON in tRPC's form, whoever asks, with its `reason` where
 * the JSON answers of Express routes have it, too.
 */
export function refuseCall(res: Response, reason: Reason): void {
  const shape = getTRPCErrorShape({
    config: appRouter._def._config,
    error: refuse(reason),
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  res.setHeader('Cache-Control', 'no-store');
  res.status(shape.data.httpStatus).json({ error: { ...shape, reason } });
}
