import type { Express, Request, Response } from 'express';

/** A route `/slow` whose requests pause halfway until they are released. */
export function slowRoute(
  then: (req: Request, res: Response) => Promise<void> = async (req, res) => {
    Object.assign(req.session, req.query);
    res.json({ saved: true });
  },
) {
  const waiting: (() => void)[] = [];
  let announce: () => void = () => undefined;
  return {
    route(express: Express): void {
      express.all('/slow', async (req, res) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          announce();
        });
        await then(req, res);
      });
    },
    /** Resolves when this many requests have arrived. */
    async arrived(count: number): Promise<void> {
      while (waiting.length < count) await new Promise<void>((resolve) => (announce = resolve));
    },
    goOn: (): void => waiting.splice(0).forEach((resolve) => resolve()),
  };
}
