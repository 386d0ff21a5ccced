/** Command palette and keyboard shortcuts. */
export const palette = {} as const;
