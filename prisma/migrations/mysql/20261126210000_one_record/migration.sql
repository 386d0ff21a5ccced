-- One record for a session's whole life, under its public id. The old rows have no secret that a cookie could prove: everybody signs in once more.

-- DropTable
DROP TABLE `gatehouse_session`;

-- CreateTable
CREATE TABLE `gatehouse_session` (
    `handle` VARCHAR(64) NOT NULL,
    `secret_hash` VARCHAR(64) NOT NULL,
    `previous_secret_hash` VARCHAR(64) NULL,
    `rotated_at` DATETIME(3) NOT NULL,
    `presented_at` DATETIME(3) NULL,
    `successor` VARCHAR(64) NULL,
    `claimed_at` DATETIME(3) NULL,
    `user_id` VARCHAR(64) NULL,
    `credential_epoch` INTEGER NOT NULL DEFAULT 0,
    `data` LONGTEXT NOT NULL,
    `version` INTEGER NOT NULL DEFAULT 1,
    `created_at` DATETIME(3) NOT NULL,
    `renewed_at` DATETIME(3) NOT NULL,
    `last_activity_at` DATETIME(3) NOT NULL,
    `expires_at` DATETIME(3) NOT NULL,
    `custom_age` INTEGER NULL,
    `fixed_expiry` DATETIME(3) NULL,
    `ip` VARCHAR(64) NULL,
    `user_agent` VARCHAR(255) NULL,

    PRIMARY KEY (`handle`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The first index that begins with the user holds nothing else: MySQL 9.6 and newer check a foreign key by it.
-- CreateIndex
CREATE INDEX `gatehouse_session_user_id_idx` ON `gatehouse_session`(`user_id`);

-- CreateIndex
CREATE INDEX `gatehouse_session_count_idx` ON `gatehouse_session`(`user_id`, `credential_epoch`, `expires_at`, `created_at`, `renewed_at`, `custom_age`, `fixed_expiry`, `successor`);

-- CreateIndex
CREATE INDEX `gatehouse_session_activity_idx` ON `gatehouse_session`(`user_id`, `credential_epoch`, `last_activity_at`, `handle`);

-- CreateIndex
CREATE INDEX `gatehouse_session_expires_at_idx` ON `gatehouse_session`(`expires_at`);

-- AddForeignKey
ALTER TABLE `gatehouse_session` ADD CONSTRAINT `gatehouse_session_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `gatehouse_user`(`user_id`) ON DELETE CASCADE ON UPDATE CASCADE;
