import { group } from '../command.ts';
import { unlock } from './users/unlock.ts';

export const users = () => group('users', 'Look after accounts.').addCommand(unlock());
