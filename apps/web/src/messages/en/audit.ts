/** The audit trail. */
export const audit = {} as const;
