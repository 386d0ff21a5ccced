-- Pages of the accounts of a status by name or last sign-in: such accounts may be spread over all.

-- CreateIndex
CREATE INDEX "gatehouse_user_status_name_key_user_id_idx" ON "gatehouse_user"("status", "name_key", "user_id");

-- CreateIndex
CREATE INDEX "gatehouse_user_status_last_sign_in_ms_user_id_idx" ON "gatehouse_user"("status", "last_sign_in_ms", "user_id");

-- CreateIndex: answers from the index alone whether an account has a word.
CREATE INDEX "gatehouse_user_word_user_id_word_idx" ON "gatehouse_user_word"("user_id", "word");

-- DropIndex
DROP INDEX "gatehouse_user_word_user_id_idx";
