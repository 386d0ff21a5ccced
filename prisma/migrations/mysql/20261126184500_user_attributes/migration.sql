-- AlterTable
ALTER TABLE `gatehouse_user` ADD COLUMN `attributes` VARCHAR(8192) NOT NULL DEFAULT '{}';
