import { refuse, type AccountsPort } from '@gatehouse/api';

const refuseAll = (): Promise<never> => Promise.reject(refuse('NO_ACCOUNTS'));

/** For an app whose users come from its own `UserSource`: procedures that need Gatehouse's accounts are refused with NO_ACCOUNTS. */
export const noAccounts: AccountsPort = {
  authenticate: refuseAll,
  verifyPassword: refuseAll,
  changePassword: refuseAll,
  changeEmail: refuseAll,
  getUser: refuseAll,
  findUser: refuseAll,
  listUsers: refuseAll,
  setRole: refuseAll,
  setStatus: refuseAll,
  unlock: refuseAll,
  deleteUser: refuseAll,
  updateProfile: refuseAll,
  accountFields: refuseAll,
  recentActivity: refuseAll,
  audit: refuseAll,
  overview: refuseAll,
  describeUser: refuseAll,
  searchUsers: refuseAll,
  createUser: refuseAll,
  updateUser: refuseAll,
  setTemporaryPassword: refuseAll,
  suspendMany: refuseAll,
  stats: refuseAll,
};
