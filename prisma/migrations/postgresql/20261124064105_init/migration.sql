-- What Prisma's schema engine writes for the models, with COLLATE "C" where a text is looked up or paged by: its order
-- is that of the bytes on every server, whatever the language of the database.

-- CreateTable
CREATE TABLE "gatehouse_user" (
    "user_id" TEXT COLLATE "C" NOT NULL,
    "username" TEXT NOT NULL,
    "username_key" TEXT COLLATE "C" NOT NULL,
    "email" TEXT NOT NULL,
    "email_key" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'user',
    "status" TEXT NOT NULL DEFAULT 'active',
    "password_hash" TEXT NOT NULL,
    "credential_epoch" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "gatehouse_user_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "gatehouse_session" (
    "session_key" TEXT COLLATE "C" NOT NULL,
    "handle" TEXT COLLATE "C" NOT NULL,
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
    "replaced_key" TEXT COLLATE "C",

    CONSTRAINT "gatehouse_session_pkey" PRIMARY KEY ("session_key")
);

-- CreateTable
CREATE TABLE "gatehouse_activity" (
    "activity_id" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C",
    "kind" TEXT NOT NULL,
    "happened_at" TIMESTAMP(3) NOT NULL,
    "ip" TEXT,
    "user_agent" TEXT,
    "handle" TEXT COLLATE "C",

    CONSTRAINT "gatehouse_activity_pkey" PRIMARY KEY ("activity_id")
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

-- AddForeignKey
ALTER TABLE "gatehouse_session" ADD CONSTRAINT "gatehouse_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "gatehouse_user"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;
