import { z } from 'zod';

/** The shop's custom user fields. Each is optional or has a default, because older accounts do not have it. `editable`: by its owner, too. */
export const userAttributes = z.object({
  department: z.string().trim().min(1).max(80).default('Shop floor').meta({ title: 'Department', editable: true }),
});

type Attributes = z.infer<typeof userAttributes>;

declare module '@gatehouse/contract' {
  // oxlint-disable-next-line typescript/no-empty-object-type
  interface UserAttributes extends Attributes {}
}
