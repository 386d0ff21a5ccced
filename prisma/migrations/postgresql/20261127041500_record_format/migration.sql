-- AlterTable
ALTER TABLE "gatehouse_session" ADD COLUMN "record_format" INTEGER NOT NULL DEFAULT 1;
