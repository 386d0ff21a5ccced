import { z } from 'zod';

/** Fields of this shop's own of every user. Each is optional or has a default: accounts from before the field have none. */
export const userAttributes = z.object({
  department: z.string().trim().min(1).max(80).default('Shop floor'),
});

type Attributes = z.infer<typeof userAttributes>;

declare module '@gatehouse/contract' {
  // oxlint-disable-next-line typescript/no-empty-object-type
  interface UserAttributes extends Attributes {}
}
