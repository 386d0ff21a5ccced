-- MySQL 9.6 and newer check a foreign key by the first index that begins with its column, and not at all for a row that has
-- NULL in any column of that index. Seen on 9.7.4: sessions of users that are not there went in. So the first such index is
-- one of that column alone, and the wide one comes after it.

-- CreateIndex
CREATE INDEX `gatehouse_session_user_id_idx` ON `gatehouse_session`(`user_id`);

-- DropIndex
DROP INDEX `gatehouse_session_count_idx` ON `gatehouse_session`;

-- CreateIndex
CREATE INDEX `gatehouse_session_count_idx` ON `gatehouse_session`(`user_id`, `credential_epoch`, `expires_at`, `created_at`, `renewed_at`, `custom_age`, `fixed_expiry`);
