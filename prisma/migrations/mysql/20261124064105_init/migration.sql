-- utf8mb4_bin: texts are equal when their bytes are. With the usual collations a session key would equal one in other
-- letter case, and `ß` would equal `ss` in a user name.

-- CreateTable
CREATE TABLE `gatehouse_user` (
    `user_id` VARCHAR(64) NOT NULL,
    `username` VARCHAR(64) NOT NULL,
    `username_key` VARCHAR(64) NOT NULL,
    `email` VARCHAR(254) NOT NULL,
    `email_key` VARCHAR(254) NOT NULL,
    `name` VARCHAR(255) NOT NULL,
    `role` VARCHAR(32) NOT NULL DEFAULT 'user',
    `status` VARCHAR(32) NOT NULL DEFAULT 'active',
    `password_hash` VARCHAR(255) NOT NULL,
    `credential_epoch` INTEGER NOT NULL DEFAULT 0,
    `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    `updated_at` DATETIME(3) NOT NULL,

    PRIMARY KEY (`user_id`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateTable
CREATE TABLE `gatehouse_session` (
    `session_key` VARCHAR(64) NOT NULL,
    `handle` VARCHAR(64) NOT NULL,
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
    `replaced_key` VARCHAR(64) NULL,

    PRIMARY KEY (`session_key`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateTable
CREATE TABLE `gatehouse_activity` (
    `activity_id` VARCHAR(64) NOT NULL,
    `user_id` VARCHAR(64) NULL,
    `kind` VARCHAR(64) NOT NULL,
    `happened_at` DATETIME(3) NOT NULL,
    `ip` VARCHAR(64) NULL,
    `user_agent` VARCHAR(255) NULL,
    `handle` VARCHAR(64) NULL,

    PRIMARY KEY (`activity_id`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateIndex
CREATE UNIQUE INDEX `gatehouse_user_username_key_key` ON `gatehouse_user`(`username_key`);

-- CreateIndex
CREATE UNIQUE INDEX `gatehouse_user_email_key_key` ON `gatehouse_user`(`email_key`);

-- CreateIndex
CREATE UNIQUE INDEX `gatehouse_session_handle_key` ON `gatehouse_session`(`handle`);

-- CreateIndex
CREATE INDEX `gatehouse_session_user_id_expires_at_idx` ON `gatehouse_session`(`user_id`, `expires_at`);

-- CreateIndex
CREATE INDEX `gatehouse_session_expires_at_idx` ON `gatehouse_session`(`expires_at`);

-- CreateIndex
CREATE INDEX `gatehouse_session_replaced_key_idx` ON `gatehouse_session`(`replaced_key`);

-- CreateIndex
CREATE INDEX `gatehouse_activity_user_id_happened_at_idx` ON `gatehouse_activity`(`user_id`, `happened_at`);

-- CreateIndex
CREATE INDEX `gatehouse_activity_happened_at_idx` ON `gatehouse_activity`(`happened_at`);

-- AddForeignKey
ALTER TABLE `gatehouse_session` ADD CONSTRAINT `gatehouse_session_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `gatehouse_user`(`user_id`) ON DELETE CASCADE ON UPDATE CASCADE;
