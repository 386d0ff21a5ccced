-- A session is replaced by one other at most. Without a constraint two sign-ins of one browser, in two transactions that
-- do not see each other yet, would leave two.

-- Of those that are there already the constraint could meet some twice.
UPDATE "gatehouse_session" SET "replaced_key" = NULL;

-- DropIndex
DROP INDEX "gatehouse_session_replaced_key_idx";

-- CreateIndex
CREATE UNIQUE INDEX "gatehouse_session_replaced_key_key" ON "gatehouse_session"("replaced_key");
