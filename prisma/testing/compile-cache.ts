import { join } from 'node:path';

/**
 * Environment for Node processes that tests start. They share compiled code, which makes starting a third faster. The cache is in
 * node_modules, where other users of the machine cannot place code.
 */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/compiled') };
