/** The name of another key that lies on the same node of a cluster: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags */
export const sameSlot = (key: string, what: string): string => (key.includes('{') ? `${key}:${what}` : `{${key}}:${what}`);
