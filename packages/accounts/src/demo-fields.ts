import { userAttributesSchema } from '@gatehouse/contract';
import { z } from 'zod';

/** Own fields for the users of `seedDemoUsers`, which show how the pages edit such fields. */
export const demoFields = userAttributesSchema.extend({
  department: z.enum(['Workshop', 'Sales', 'Accounts']).optional().meta({ title: 'Department', editable: true }),
  phone: z
    .string()
    .trim()
    .max(30)
    .regex(/^[+0-9][0-9 ()/-]*$/, 'Use digits and spaces, such as +44 20 7946 0018.')
    .optional()
    .meta({ title: 'Phone', description: 'Colleagues see it.', editable: true }),
  about: z.string().trim().max(300).optional().meta({ title: 'About', multiline: true, editable: true }),
  newsletter: z.boolean().optional().meta({ title: 'Weekly summary', editable: true }),
  desk: z.int().min(1).max(400).optional().meta({ title: 'Desk', editable: 'admin' }),
  since: z.iso.date().optional().meta({ title: 'With us since', editable: 'admin' }),
});
