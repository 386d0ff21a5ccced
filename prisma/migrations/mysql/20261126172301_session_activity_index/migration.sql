-- CreateIndex
CREATE INDEX `gatehouse_session_activity_idx` ON `gatehouse_session`(`user_id`, `credential_epoch`, `last_activity_at`, `handle`);
