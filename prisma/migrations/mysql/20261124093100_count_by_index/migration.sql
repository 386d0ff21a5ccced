-- The new one first: the foreign key needs an index that begins with the user.

-- CreateIndex
CREATE INDEX `gatehouse_session_count_idx` ON `gatehouse_session`(`user_id`, `credential_epoch`, `expires_at`, `created_at`, `renewed_at`, `custom_age`, `fixed_expiry`);

-- DropIndex
DROP INDEX `gatehouse_session_user_id_expires_at_idx` ON `gatehouse_session`;
