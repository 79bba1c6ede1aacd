import { z } from 'zod';

/** The query of every list. */
export const paging = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}(\.\d{1,15})?$/, 'not a cursor of this list')
    .optional()
    .describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Items a page'),
});
