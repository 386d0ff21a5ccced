-- CreateTable
CREATE TABLE "gatehouse_lease" (
    "lease_name" TEXT NOT NULL PRIMARY KEY,
    "owner" TEXT NOT NULL,
    "expires_at" DATETIME NOT NULL
);
