// Facts about a request: `@gatehouse/session/request`.
export { presentsBearer, usesBearer } from './bearer-request.ts';
export { parseIpAddress } from './ip-address.ts';
export { isAjax, isBackground, isCrossSite, isNavigation, madeForUser } from './call-origin.ts';
export { clientAddress } from './client-address.ts';
export { isSecure } from './node-request.ts';
export { refuseRequest } from './refuse-request.ts';
export { presentedCookies } from './session-cookie.ts';
export { markSessions } from './sessions-mark.ts';
export { trustedProxies } from './trusted-proxies.ts';
