/** The overview for administrators. */
export const overview = {} as const;
