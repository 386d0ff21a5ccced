-- AlterTable
ALTER TABLE "gatehouse_activity" ADD COLUMN "actor_kind" TEXT NOT NULL DEFAULT 'self';
ALTER TABLE "gatehouse_activity" ADD COLUMN "actor_id" TEXT;
ALTER TABLE "gatehouse_activity" ADD COLUMN "reason" TEXT;
ALTER TABLE "gatehouse_activity" ADD COLUMN "detail" TEXT;

-- CreateIndex
CREATE INDEX "gatehouse_activity_kind_happened_at_idx" ON "gatehouse_activity"("kind", "happened_at");

-- Who did what is there was not written then; of these it can be told.
UPDATE gatehouse_activity SET actor_kind = 'visitor' WHERE kind = 'sign_in_failed';
UPDATE gatehouse_activity SET actor_kind = 'command_line' WHERE user_agent = 'gatehouse command line';
