-- One record for a session's whole life, under its public id. The old rows have no secret that a cookie could prove: everybody signs in once more.

-- DropTable
DROP TABLE "gatehouse_session";

-- CreateTable
CREATE TABLE "gatehouse_session" (
    "handle" TEXT NOT NULL PRIMARY KEY,
    "secret_hash" TEXT NOT NULL,
    "previous_secret_hash" TEXT,
    "rotated_at" DATETIME NOT NULL,
    "presented_at" DATETIME,
    "successor" TEXT,
    "claimed_at" DATETIME,
    "user_id" TEXT,
    "credential_epoch" INTEGER NOT NULL DEFAULT 0,
    "data" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" DATETIME NOT NULL,
    "renewed_at" DATETIME NOT NULL,
    "last_activity_at" DATETIME NOT NULL,
    "expires_at" DATETIME NOT NULL,
    "custom_age" INTEGER,
    "fixed_expiry" DATETIME,
    "ip" TEXT,
    "user_agent" TEXT,
    CONSTRAINT "gatehouse_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "gatehouse_user" ("user_id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "gatehouse_session_count_idx" ON "gatehouse_session"("user_id", "credential_epoch", "expires_at", "created_at", "renewed_at", "custom_age", "fixed_expiry", "successor");

-- CreateIndex
CREATE INDEX "gatehouse_session_activity_idx" ON "gatehouse_session"("user_id", "credential_epoch", "last_activity_at", "handle");

-- CreateIndex
CREATE INDEX "gatehouse_session_expires_at_idx" ON "gatehouse_session"("expires_at");
