import { expect, test } from 'vitest';
import { createWriteQueue } from './write-queue.ts';

test('turns are given in the order of requests', async () => {
  const queue = createWriteQueue();
  const order: number[] = [];
  await Promise.all(
    [1, 2, 3].map(async (number) => {
      const end = await queue.turn(1000);
      order.push(number);
      end?.();
    }),
  );
  expect(order).toEqual([1, 2, 3]);
});

test('a caller that times out gets no turn, and the next caller still gets theirs', async () => {
  const queue = createWriteQueue();
  const end = await queue.turn(1000);
  expect(await queue.turn(5)).toBeUndefined();
  const next = queue.turn(1000);
  end?.();
  expect(await next).toBeTypeOf('function');
});

test("ending a turn twice does not end the next one's", async () => {
  const queue = createWriteQueue();
  const end = await queue.turn(1000);
  const second = queue.turn(1000);
  end?.();
  end?.();
  await second;
  expect(await queue.turn(5)).toBeUndefined();
});
