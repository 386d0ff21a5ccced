"""Makes what a real Django stores, for the tests: run by a python3 that has Django.

    python3 prisma/testing/django/make-fixtures.py hashes > prisma/testing/django/hashes.json
    python3 prisma/testing/django/make-fixtures.py site <new file.sqlite3> > prisma/testing/django/site.json

`site` makes a database with users and sessions by Django's own migrations, and prints its rows and what each browser holds.
"""

import json
import sys

import django
from django.conf import settings

SECRET_KEY = "django-fixture-key-of-the-tests-0123456789abcdefghij"
PASSWORD = "lètmein ünïcode 東京"

mode = sys.argv[1]
settings.configure(
    SECRET_KEY=SECRET_KEY,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[2] if mode == "site" else ":memory:"}},
    PASSWORD_HASHERS=[
        "django.contrib.auth.hashers." + name
        for name in (
            "PBKDF2PasswordHasher",
            "PBKDF2SHA1PasswordHasher",
            "Argon2PasswordHasher",
            "BCryptSHA256PasswordHasher",
            "BCryptPasswordHasher",
            "ScryptPasswordHasher",
        )
        if hasattr(__import__("django.contrib.auth.hashers", fromlist=[name]), name)
    ],
)
django.setup()

from django.contrib.auth.hashers import get_hashers, make_password  # noqa: E402


def hashes():
    made = {hasher.algorithm: make_password(PASSWORD, hasher=hasher.algorithm) for hasher in get_hashers()}
    made["unusable"] = make_password(None)
    return {"django": django.get_version(), "password": PASSWORD, "hashes": made}


def site():
    from datetime import timedelta
    from importlib import import_module

    from django.contrib.auth import HASH_SESSION_KEY, BACKEND_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.models import Session
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    store = import_module("django.contrib.sessions.backends.db").SessionStore

    # A few iterations: what is tested is the format, not how slow it is.
    from django.contrib.auth.hashers import get_hasher

    get_hasher("pbkdf2_sha256").__class__.iterations = 1000

    def user(name, **fields):
        made = User.objects.create_user(name, fields.pop("email", name + "@example.com"), PASSWORD)
        for field, value in fields.items():
            setattr(made, field, value)
        made.save()
        return made

    def session(owner, data=(), auth_hash=None, legacy=False, days=14):
        made = store()
        made[SESSION_KEY] = str(owner.pk)
        made[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        made[HASH_SESSION_KEY] = auth_hash or owner.get_session_auth_hash()
        made.update(dict(data))
        made.create()
        row = Session.objects.get(pk=made.session_key)
        row.expire_date = timezone.now() + timedelta(days=days)
        if legacy:
            row.session_data = made._legacy_encode(made._session)
        row.save()
        return made.session_key

    ada = user("ada", first_name="Ada", last_name="Lovelace", is_staff=True, is_superuser=True)
    bob = user("bob", first_name="Bob", is_staff=True)
    carol = user("carol", is_active=False)
    changed = user("dave")
    user("no-mail", email="")
    user("Eve", email="eve@example.com")
    user("eve", email="eve2@example.com")
    user("same-mail", email="ADA@example.com")
    user("grace@example.com", email="grace@example.com")
    heidi = user("heidi")
    heidi.set_unusable_password()
    heidi.save()

    sessions = {
        "ada": session(ada),
        "adaCompressed": session(ada, {"cart": ["a long value that compresses well"] * 40}),
        "bob": session(bob),
        "suspended": session(carol),
        "expired": session(bob, days=-1),
        "changedPassword": session(changed),
        "wrongAuthHash": session(bob, auth_hash="0" * 64),
    }
    if hasattr(store, "_legacy_encode"):
        sessions["legacy"] = session(bob, legacy=True)
    changed.set_password("another one")
    changed.save()
    anonymous = store()
    anonymous["cart"] = ["anonymous"]
    anonymous.create()
    sessions["anonymous"] = anonymous.session_key
    forged = Session.objects.get(pk=session(bob))
    forged.session_data = forged.session_data[:-1] + ("A" if forged.session_data[-1] != "A" else "B")
    forged.save()
    sessions["forged"] = forged.pk
    from django.db import connection

    def rows(table):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM %s ORDER BY 1" % table)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, map(lambda value: value if value is None or isinstance(value, int) else str(value), row))) for row in cursor.fetchall()]

    tables = {table: rows(table) for table in ("auth_user", "django_session")}
    return {"django": django.get_version(), "secretKey": SECRET_KEY, "password": PASSWORD, "sessions": sessions, "tables": tables}


print(json.dumps(hashes() if mode == "hashes" else site(), indent=2, ensure_ascii=False))
