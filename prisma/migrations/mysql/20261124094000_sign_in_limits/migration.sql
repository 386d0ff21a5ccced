-- CreateTable
CREATE TABLE `gatehouse_limit` (
    `limit_key` VARCHAR(64) NOT NULL,
    `failures` INTEGER NOT NULL,
    `blocked_until` DATETIME(3) NOT NULL,
    `expires_at` DATETIME(3) NOT NULL,

    PRIMARY KEY (`limit_key`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- CreateIndex
CREATE INDEX `gatehouse_limit_expires_at_idx` ON `gatehouse_limit`(`expires_at`);
