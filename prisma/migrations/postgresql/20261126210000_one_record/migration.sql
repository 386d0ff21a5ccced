-- One record for a session's whole life, under its public id. The old rows have no secret that a cookie could prove: everybody signs in once more.

-- DropTable
DROP TABLE "gatehouse_session";

-- CreateTable
CREATE TABLE "gatehouse_session" (
    "handle" TEXT COLLATE "C" NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "previous_secret_hash" TEXT,
    "rotated_at" TIMESTAMP(3) NOT NULL,
    "presented_at" TIMESTAMP(3),
    "successor" TEXT COLLATE "C",
    "claimed_at" TIMESTAMP(3),
    "user_id" TEXT COLLATE "C",
    "credential_epoch" INTEGER NOT NULL DEFAULT 0,
    "data" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMP(3) NOT NULL,
    "renewed_at" TIMESTAMP(3) NOT NULL,
    "last_activity_at" TIMESTAMP(3) NOT NULL,
    "expires_at" TIMESTAMP(3) NOT NULL,
    "custom_age" INTEGER,
    "fixed_expiry" TIMESTAMP(3),
    "ip" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "gatehouse_session_pkey" PRIMARY KEY ("handle")
);

-- CreateIndex
CREATE INDEX "gatehouse_session_count_idx" ON "gatehouse_session"("user_id", "credential_epoch", "expires_at", "created_at", "renewed_at", "custom_age", "fixed_expiry", "successor");

-- CreateIndex
CREATE INDEX "gatehouse_session_activity_idx" ON "gatehouse_session"("user_id", "credential_epoch", "last_activity_at", "handle");

-- CreateIndex
CREATE INDEX "gatehouse_session_expires_at_idx" ON "gatehouse_session"("expires_at");

-- AddForeignKey
ALTER TABLE "gatehouse_session" ADD CONSTRAINT "gatehouse_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "gatehouse_user"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;
