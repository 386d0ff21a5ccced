-- CreateTable
CREATE TABLE "gatehouse_adoption_mark" (
    "subject" TEXT NOT NULL PRIMARY KEY,
    "set_at" DATETIME NOT NULL
);
