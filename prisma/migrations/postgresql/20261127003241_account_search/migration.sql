-- Words, name keys and last sign-ins of existing accounts are filled in batches by the server: see accounts/src/index-users.ts.
-- A server of the version before still writes accounts, because the new columns have defaults.

-- AlterTable
ALTER TABLE "gatehouse_user"
    ADD COLUMN "name_key" TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN "last_sign_in_ms" BIGINT NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "gatehouse_user_name_key_user_id_idx" ON "gatehouse_user"("name_key", "user_id");

-- CreateIndex
CREATE INDEX "gatehouse_user_created_at_user_id_idx" ON "gatehouse_user"("created_at", "user_id");

-- CreateIndex
CREATE INDEX "gatehouse_user_last_sign_in_ms_user_id_idx" ON "gatehouse_user"("last_sign_in_ms", "user_id");

-- CreateIndex
CREATE INDEX "gatehouse_user_role_idx" ON "gatehouse_user"("role");

-- CreateIndex
CREATE INDEX "gatehouse_user_status_created_at_user_id_idx" ON "gatehouse_user"("status", "created_at", "user_id");

-- CreateTable
CREATE TABLE "gatehouse_user_word" (
    "word" TEXT COLLATE "C" NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "gatehouse_user_word_pkey" PRIMARY KEY ("word","user_id")
);

-- CreateIndex
CREATE INDEX "gatehouse_user_word_user_id_idx" ON "gatehouse_user_word"("user_id");

-- AddForeignKey
ALTER TABLE "gatehouse_user_word" ADD CONSTRAINT "gatehouse_user_word_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "gatehouse_user"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "gatehouse_hour_count" (
    "hour" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "gatehouse_hour_count_pkey" PRIMARY KEY ("hour","kind")
);

-- CreateIndex
CREATE INDEX "gatehouse_activity_actor_id_happened_at_idx" ON "gatehouse_activity"("actor_id", "happened_at");

-- CreateIndex
CREATE INDEX "gatehouse_activity_ip_happened_at_idx" ON "gatehouse_activity"("ip", "happened_at");

-- CreateIndex
CREATE INDEX "gatehouse_activity_handle_happened_at_idx" ON "gatehouse_activity"("handle", "happened_at");
