-- CreateTable
CREATE TABLE "gatehouse_adoption_mark" (
    "subject" TEXT NOT NULL,
    "set_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "gatehouse_adoption_mark_pkey" PRIMARY KEY ("subject")
);
