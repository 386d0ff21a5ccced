import { createGatehouse, type Gatehouse, type GatehouseOptions } from '@gatehouse/server';
import { userFields } from './user-fields.ts';

/** Settings that are not given here come from the environment and .env. Creates or migrates the tables that Gatehouse needs. */
export const openGatehouse = (options: GatehouseOptions & { users?: undefined } = {}): Promise<Gatehouse> =>
  createGatehouse({ attributes: userFields, migrate: true, ...options });
