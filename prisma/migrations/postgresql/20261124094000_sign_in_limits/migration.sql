-- CreateTable
CREATE TABLE "gatehouse_limit" (
    "limit_key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "blocked_until" TIMESTAMP(3) NOT NULL,
    "expires_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "gatehouse_limit_pkey" PRIMARY KEY ("limit_key")
);

-- CreateIndex
CREATE INDEX "gatehouse_limit_expires_at_idx" ON "gatehouse_limit"("expires_at");
