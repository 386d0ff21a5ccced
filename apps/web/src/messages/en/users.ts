/** Users, for administrators. */
export const users = {} as const;
