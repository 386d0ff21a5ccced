-- AlterTable
ALTER TABLE "gatehouse_user" ADD COLUMN "attributes" TEXT NOT NULL DEFAULT '{}';
