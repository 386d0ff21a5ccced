-- CreateTable
CREATE TABLE "gatehouse_limit" (
    "limit_key" TEXT NOT NULL PRIMARY KEY,
    "failures" INTEGER NOT NULL,
    "blocked_until" DATETIME NOT NULL,
    "expires_at" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "gatehouse_limit_expires_at_idx" ON "gatehouse_limit"("expires_at");
