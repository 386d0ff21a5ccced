-- CreateTable
CREATE TABLE "gatehouse_lease" (
    "lease_name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "expires_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "gatehouse_lease_pkey" PRIMARY KEY ("lease_name")
);
