"""A custom user model with a UUID as id, an e-mail address as user name, and custom column names."""

import uuid

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class Member(AbstractBaseUser):
    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, db_column="member_id")
    email = models.EmailField(unique=True, db_column="mail")
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False, db_column="boss")

    USERNAME_FIELD = "email"

    class Meta:
        db_table = "club_members"
