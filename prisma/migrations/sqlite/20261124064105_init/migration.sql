-- CreateTable
CREATE TABLE "gatehouse_user" (
    "user_id" TEXT NOT NULL PRIMARY KEY,
    "username" TEXT NOT NULL,
    "username_key" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'user',
    "status" TEXT NOT NULL DEFAULT 'active',
    "password_hash" TEXT NOT NULL,
    "credential_epoch" INTEGER NOT NULL DEFAULT 0,
    "created_at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "gatehouse_session" (
    "session_key" TEXT NOT NULL PRIMARY KEY,
    "handle" TEXT NOT NULL,
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
    "replaced_key" TEXT,
    CONSTRAINT "gatehouse_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "gatehouse_user" ("user_id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "gatehouse_activity" (
    "activity_id" TEXT NOT NULL PRIMARY KEY,
    "user_id" TEXT,
    "kind" TEXT NOT NULL,
    "happened_at" DATETIME NOT NULL,
    "ip" TEXT,
    "user_agent" TEXT,
    "handle" TEXT
);

-- CreateIndex
CREATE UNIQUE INDEX "gatehouse_user_username_key_key" ON "gatehouse_user"("username_key");

-- CreateIndex
CREATE UNIQUE INDEX "gatehouse_user_email_key_key" ON "gatehouse_user"("email_key");

-- CreateIndex
CREATE UNIQUE INDEX "gatehouse_session_handle_key" ON "gatehouse_session"("handle");

-- CreateIndex
CREATE INDEX "gatehouse_session_user_id_expires_at_idx" ON "gatehouse_session"("user_id", "expires_at");

-- CreateIndex
CREATE INDEX "gatehouse_session_expires_at_idx" ON "gatehouse_session"("expires_at");

-- CreateIndex
CREATE INDEX "gatehouse_session_replaced_key_idx" ON "gatehouse_session"("replaced_key");

-- CreateIndex
CREATE INDEX "gatehouse_activity_user_id_happened_at_idx" ON "gatehouse_activity"("user_id", "happened_at");

-- CreateIndex
CREATE INDEX "gatehouse_activity_happened_at_idx" ON "gatehouse_activity"("happened_at");
