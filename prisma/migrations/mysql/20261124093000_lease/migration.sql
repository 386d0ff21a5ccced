-- CreateTable
CREATE TABLE `gatehouse_lease` (
    `lease_name` VARCHAR(64) NOT NULL,
    `owner` VARCHAR(64) NOT NULL,
    `expires_at` DATETIME(3) NOT NULL,

    PRIMARY KEY (`lease_name`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
