import type { RedisNodeFacts } from '@gatehouse/session/redis-facts';
import { skipped, type Check, type Verdict } from './check.ts';
import type { Facts } from './facts/facts.ts';

export const REDIS_SETTINGS = ['REDIS_URL', 'SESSION_ENGINE'] as const;

/** A check of each Redis node. It is skipped if Redis is not used or unreachable. Identical verdicts of several nodes are merged. */
export const onRedis = (id: string, judge: (node: RedisNodeFacts, facts: Facts) => Verdict | readonly Verdict[]): Check => ({
  id,
  needs: REDIS_SETTINGS,
  judge(facts) {
    const { redis } = facts;
    if (redis.status === 'unused') return skipped(`Redis is not used by SESSION_ENGINE=${facts.settings.session.engine}.`);
    if (redis.status === 'unreachable') return skipped('Redis is unreachable.');
    const [only, ...others] = redis.nodes;
    if (only && others.length === 0) return judge(only, facts);
    const verdicts = redis.nodes.flatMap((node) => [judge(node, facts)].flat().map((verdict) => ({ name: node.name, verdict })));
    const groups = Map.groupBy(verdicts, ({ verdict }) => JSON.stringify(verdict));
    return [...groups.values()].flatMap((group): Verdict[] => {
      const [first] = group;
      if (!first) return [];
      const names = group.length === redis.nodes.length ? 'Every node' : group.map(({ name }) => name).join(', ');
      return [{ ...first.verdict, found: `${names}: ${first.verdict.found}` }];
    });
  },
});

export const NO_INFO = 'This Redis account may not run INFO.';
