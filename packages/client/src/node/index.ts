export { ConnectionError } from './connection-error.ts';
export { memoryCookieJar, type CookieJar } from './cookie-jar.ts';
export { createNodeClient, type NodeClientOptions } from './create-node-client.ts';
export { CookieFileError, fileCookieJar } from './file-cookie-jar.ts';
