-- CreateTable
CREATE TABLE `gatehouse_adoption_mark` (
    `subject` VARCHAR(64) NOT NULL,
    `set_at` DATETIME(3) NOT NULL,

    PRIMARY KEY (`subject`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
