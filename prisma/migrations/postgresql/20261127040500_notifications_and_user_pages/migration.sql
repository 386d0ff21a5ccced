-- Pages of the accounts of a status by name or last sign-in: such accounts may be spread over all.

-- CreateIndex
CREATE INDEX "gatehouse_user_status_name_key_user_id_idx" ON "gatehouse_user"("status", "name_key", "user_id");

-- CreateIndex
CREATE INDEX "gatehouse_user_status_last_sign_in_ms_user_id_idx" ON "gatehouse_user"("status", "last_sign_in_ms", "user_id");

-- CreateIndex: answers from the index alone whether an account has a word.
CREATE INDEX "gatehouse_user_word_user_id_word_idx" ON "gatehouse_user_word"("user_id", "word");

-- DropIndex
DROP INDEX "gatehouse_user_word_user_id_idx";

-- Open pages and WebSockets learn at once that an account changed: the change is sent to the channel `gatehouse_changes` when it is
-- committed, also a change by an older server or another program. The message is a hint to read the rows (see
-- packages/session/src/engines/db/notifications.ts) and contains only the public id. It is cut, because a message that is too long would
-- fail the change. There is no such trigger for sessions: PostgreSQL commits one transaction with a notification after the other, each with
-- its own fsync, which would slow sign-ins down.

-- CreateFunction
CREATE FUNCTION "gatehouse_notify_user"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gatehouse_changes', left(format('user %s', NEW."user_id"), 500));
    RETURN NULL;
END $$;

-- CreateTrigger
CREATE TRIGGER "gatehouse_user_changed" AFTER UPDATE OF "username", "email", "name", "role", "status", "credential_epoch", "attributes" ON "gatehouse_user"
    FOR EACH ROW EXECUTE FUNCTION "gatehouse_notify_user"();
