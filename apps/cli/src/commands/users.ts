import { group } from '../command.ts';
import { deleteUser } from './users/delete.ts';
import { unlock } from './users/unlock.ts';

export const users = () => group('users', 'Look after accounts.').addCommand(unlock()).addCommand(deleteUser());
