/** For raw statements: https://www.prisma.io/docs/orm/prisma-client/using-raw-sql/raw-queries */
export { empty, join, raw, sqltag as sql, type Sql } from '@prisma/client/runtime/client';
