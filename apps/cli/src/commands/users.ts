import { group } from '../command.ts';
import { deleteUser } from './users/delete.ts';
import { list } from './users/list.ts';
import { role } from './users/role.ts';
import { reactivate, suspend } from './users/status.ts';
import { unlock } from './users/unlock.ts';

export const users = () =>
  group('users', 'Look after accounts.')
    .addCommand(list())
    .addCommand(role())
    .addCommand(suspend())
    .addCommand(reactivate())
    .addCommand(unlock())
    .addCommand(deleteUser());
