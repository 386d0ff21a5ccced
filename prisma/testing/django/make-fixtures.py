"""Creates test fixtures with a real Django. Needs a python3 with Django, python3-bcrypt and python3-argon2.

    python3 prisma/testing/django/make-fixtures.py hashes                          > prisma/testing/django/5.2/hashes.json
    python3 prisma/testing/django/make-fixtures.py site <new database> 2026-11-01    > prisma/testing/django/5.2/site.json
    python3 prisma/testing/django/make-fixtures.py members <new database> 2026-11-01 > prisma/testing/django/5.2/members.json

`hashes`: the hash of each hasher, and which of several passwords match it according to Django. `site`: a database with users and
sessions in Django's own tables, the rows, the session cookies, and the user that Django sees for each. `members`: the same with a custom
user model. The database is a file path or a mysql:// or postgresql:// address. With a date, all times are relative to it, so that the
output is reproducible; the default is now. Debian has Django 3.2 in bookworm, 4.2 in trixie and 5.2 in sid.
"""

import hashlib
import json
import sys
import time
import unicodedata
from datetime import datetime, timedelta, timezone as time_zone
from urllib.parse import urlsplit

import django
from django.conf import settings

SECRET_KEY = "django-fixture-key-of-the-tests-0123456789abcdefghij"
OLD_KEY = "the-key-that-was-replaced-0123456789abcdefghijklmnop"
PASSWORD = "lètmein ünïcode 東京"
DECOMPOSED = unicodedata.normalize("NFD", PASSWORD)

mode, place, day = (sys.argv[1:] + ["", "", ""])[:3]
if day:
    moment = datetime.fromisoformat(day).replace(tzinfo=time_zone.utc)
    time.time = moment.timestamp
else:
    moment = datetime.now(time_zone.utc)


def database(place):
    url = urlsplit(place)
    if url.scheme not in ("mysql", "postgresql"):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": place or ":memory:"}
    return {
        "ENGINE": "django.db.backends." + url.scheme,
        "NAME": url.path[1:],
        "HOST": url.hostname,
        "PORT": url.port or "",
        "USER": url.username or "",
        "PASSWORD": url.password or "",
    }


settings.configure(
    SECRET_KEY=SECRET_KEY,
    SECRET_KEY_FALLBACKS=[OLD_KEY],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"]
    + (["members"] if mode == "members" else []),
    AUTH_USER_MODEL="members.Member" if mode == "members" else "auth.User",
    DATABASES={"default": database(place)},
    PASSWORD_HASHERS=[
        "django.contrib.auth.hashers." + name
        for name in (
            "PBKDF2PasswordHasher",
            "PBKDF2SHA1PasswordHasher",
            "Argon2PasswordHasher",
            "BCryptSHA256PasswordHasher",
            "BCryptPasswordHasher",
            "ScryptPasswordHasher",
            "MD5PasswordHasher",
        )
        if hasattr(__import__("django.contrib.auth.hashers", fromlist=[name]), name)
    ],
)
django.setup()

from django.contrib.auth.hashers import check_password, get_hasher, get_hashers  # noqa: E402
from django.utils import timezone  # noqa: E402

timezone.now = lambda: moment


def made_by(algorithm, password, salt="seasalt", **parameters):
    """A hash of one of Django's hashers, with the given parameters and a fixed salt."""
    kind = get_hasher(algorithm).__class__
    return type(kind.__name__, (kind,), parameters)().encode(password, salt)


def argon2(kind, **parameters):
    """Argon2 hashes from before Django used argon2id, and with custom parameters."""
    import argon2 as library

    given = {"time_cost": 1, "memory_cost": 64, "parallelism": 1, "hash_len": 16, "version": 19, **parameters}
    encoded = library.low_level.hash_secret(PASSWORD.encode(), b"somesalt", type=library.Type[kind], **given)
    return "argon2" + encoded.decode()


def hashes():
    salt12, salt4 = b"$2b$12$abcdefghijklmnopqrstuu", b"$2b$04$abcdefghijklmnopqrstuu"
    long = "quite a long sentence of more than seventy-two bytes, which bcrypt would cut: 1"
    near = long[:-1] + "2"
    thousand = "x" * 999 + "y"
    cases = {
        "pbkdf2_sha256": made_by("pbkdf2_sha256", PASSWORD),
        "pbkdf2_sha256, few rounds": made_by("pbkdf2_sha256", PASSWORD, iterations=1),
        "pbkdf2_sha256, salt of other letters": made_by("pbkdf2_sha256", PASSWORD, salt="sält /+=,:! 塩", iterations=1000),
        "pbkdf2_sha256, typed decomposed": made_by("pbkdf2_sha256", DECOMPOSED, iterations=1000),
        "pbkdf2_sha256, blanks around": made_by("pbkdf2_sha256", "  " + PASSWORD + " ", iterations=1000),
        "pbkdf2_sha256, 1000 characters": made_by("pbkdf2_sha256", thousand, iterations=1000),
        "pbkdf2_sha1": made_by("pbkdf2_sha1", PASSWORD),
        "pbkdf2_sha1, few rounds": made_by("pbkdf2_sha1", PASSWORD, iterations=1000),
        "argon2": made_by("argon2", PASSWORD, salt="saltsaltsaltsaltsalt22"),
        "argon2, cheap": made_by("argon2", PASSWORD, salt="saltsalt", time_cost=1, memory_cost=64, parallelism=2),
        "argon2, typed decomposed": made_by("argon2", DECOMPOSED, salt="saltsalt", time_cost=1, memory_cost=64, parallelism=1),
        "argon2i": argon2("I"),
        "argon2i, the version before": argon2("I", version=16),
        "argon2d": argon2("D", parallelism=4, memory_cost=512, hash_len=32),
        "argon2id, long hash": argon2("ID", time_cost=4, hash_len=64),
        "bcrypt_sha256": made_by("bcrypt_sha256", PASSWORD, salt=salt12),
        "bcrypt_sha256, typed decomposed": made_by("bcrypt_sha256", DECOMPOSED, salt=salt4),
        "bcrypt_sha256, more than 72 bytes": made_by("bcrypt_sha256", long, salt=salt4),
        "bcrypt": made_by("bcrypt", PASSWORD, salt=salt4),
        "bcrypt, 2a": made_by("bcrypt", PASSWORD, salt=b"$2a$04$abcdefghijklmnopqrstuu"),
        "bcrypt, blanks around": made_by("bcrypt", " " + PASSWORD + " ", salt=salt4),
    }
    if any(hasher.algorithm == "scrypt" for hasher in get_hashers()):
        cases["scrypt"] = made_by("scrypt", PASSWORD)
        cases["scrypt, other costs"] = made_by("scrypt", PASSWORD, work_factor=1024, block_size=4, parallelism=3)
        cases["scrypt, big blocks"] = made_by("scrypt", PASSWORD, work_factor=256, block_size=16, parallelism=16)
        cases["scrypt, salt of other letters"] = made_by("scrypt", PASSWORD, salt="sält /+=,:! 塩", work_factor=64)
        cases["scrypt, typed decomposed"] = made_by("scrypt", DECOMPOSED, work_factor=64)
    tried = [PASSWORD, PASSWORD + "z", DECOMPOSED, PASSWORD.upper(), "  " + PASSWORD + " ", " " + PASSWORD + " "]
    tried += [long, near, thousand, thousand[:-1]]
    refused = {
        "unusable": "!" + "aB3" * 13 + "x",
        "md5": made_by("md5", PASSWORD),
        "sha1": "sha1$seasalt$" + hashlib.sha1(("seasalt" + PASSWORD).encode()).hexdigest(),
        "unsalted_md5": hashlib.md5(PASSWORD.encode()).hexdigest(),
        "unsalted_sha1": "sha1$$" + hashlib.sha1(PASSWORD.encode()).hexdigest(),
        "crypt": "crypt$$ab1Hv2Lg7ltQo",
        "empty": "",
    }

    def says(stored, password):
        try:
            return check_password(password, stored)
        except ValueError:
            # bcrypt 5 rejects more than 72 bytes.
            return False

    return {
        "django": django.get_version(),
        "cases": {
            name: {"stored": stored, "fits": [password for password in tried if says(stored, password)]} for name, stored in cases.items()
        },
        "tried": tried,
        "refused": refused,
    }


def key_of(name):
    """A session key of 32 lower-case letters and digits like Django's, but deterministic."""
    digits = "abcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(digits[byte % 36] for byte in hashlib.sha256(name.encode()).digest())


class Opaque:
    """Prints a line if it is ever unpickled."""

    def __reduce__(self):
        return (print, ("evaluated",))


def sessions_of(users):
    """Creates the sessions one by one. Returns their keys, as in the cookies, by description."""
    import pickle
    from importlib import import_module

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.models import Session
    from django.core import signing
    from django.utils.crypto import salted_hmac

    stores = {name: import_module("django.contrib.sessions.backends." + name).SessionStore for name in ("db", "cached_db")}
    made = {}

    def session(name, owner, data=(), auth_hash=None, days=14, expiry=None, backend="db", key=SECRET_KEY):
        settings.SECRET_KEY = key
        store = stores[backend]()
        # Set the key without loading the session, because Django drops a key that it does not find.
        store._session_key, store._session_cache = key_of(name), {}
        if owner is not None:
            store[SESSION_KEY] = owner._meta.pk.value_to_string(owner)
            store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            store[HASH_SESSION_KEY] = auth_hash or owner.get_session_auth_hash()
        if expiry is not None:
            store.set_expiry(expiry)
        store.update(dict(data))
        store.save(must_create=True)
        settings.SECRET_KEY = SECRET_KEY
        row = Session.objects.get(pk=store.session_key)
        if expiry is None:
            row.expire_date = moment + timedelta(days=days)
            row.save()
        made[name] = row.pk
        return row

    ada, bob = users["ada"], users["bob"]
    session("ada", ada)
    session("adaCompressed", ada, {"cart": ["a long value that compresses well"] * 40})
    session("adaCachedDb", ada, {"theme": "dark"}, backend="cached_db")
    session("bob", bob)
    session(
        "bobWithData",
        bob,
        {
            "total": "19.99",
            "since": "2026-10-31T12:00:00+00:00",
            "nested": {"ünïcode": [1, 2.5, None, True, "東京"]},
            "_messages": '[["__json_message",0,25,"Saved <b>it</b>.",""]]',
            "django_timezone": "Asia/Tokyo",
        },
    )
    session("bobBrowserClose", bob, expiry=0)
    session("bobShort", bob, expiry=3600)
    if django.VERSION >= (4, 1):
        session("bobUntil", bob, expiry=moment + timedelta(days=3))
    session("suspended", users["carol"])
    session("expired", bob, days=-1)
    session("expiredJustNow", bob, days=0)
    session("changedPassword", users["dave"])
    users["dave"].password = made_by("pbkdf2_sha256", "another one", salt="seasalt", iterations=1000)
    users["dave"].save()
    session("wrongAuthHash", bob, auth_hash="0" * 64)
    # The formats of DEFAULT_HASHING_ALGORITHM = 'sha1' and of Django before 3.1.
    key_salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
    sha1 = salted_hmac(key_salt, bob.password, algorithm="sha1").hexdigest()
    session("bobSha1Hash", bob, auth_hash=sha1)
    legacy = session("legacy", bob)
    payload = json.dumps(stores["db"](legacy.pk).load(), separators=(",", ":")).encode("latin-1")
    mac = salted_hmac("django.contrib.sessionsSessionStore", payload, algorithm="sha1").hexdigest().encode()
    legacy.session_data = __import__("base64").b64encode(mac + b":" + payload).decode()
    legacy.save()
    session("anonymous", None, {"cart": ["anonymous"]})
    session("oldKey", bob, key=OLD_KEY)
    session("unknownKey", bob, key="a key that nobody has told, of fifty characters at least")
    nobody = type(bob)(pk=users["unknown"], password=bob.password)
    session("unknownUser", nobody)

    class Pickled:
        def dumps(self, value):
            return pickle.dumps(value)

    pickled = session("pickled", bob)
    data = {**stores["db"](pickled.pk).load(), "object": Opaque()}
    pickled.session_data = signing.dumps(data, salt="django.contrib.sessions.SessionStore", serializer=Pickled, compress=True)
    pickled.save()
    forged = session("forged", bob)
    forged.session_data = forged.session_data[:-1] + ("A" if forged.session_data[-1] != "A" else "B")
    forged.save()
    return made


def seen_by_django(made):
    """The user that Django's own middleware finds for a request with this cookie."""
    from importlib import import_module
    from types import SimpleNamespace

    from django.contrib.auth import get_user
    from django.db import transaction

    store = import_module("django.contrib.sessions.backends.db").SessionStore

    def seen(key):
        with transaction.atomic():
            try:
                user = get_user(SimpleNamespace(session=store(key)))
                return user.get_username() if user.is_authenticated else None
            except (AttributeError, ModuleNotFoundError, ValueError):
                return None
            finally:
                # Undo the changes, so that the database stays as it was.
                transaction.set_rollback(True)

    return {name: seen(key) for name, key in made.items()}


def site():
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)

    def user(name, password=PASSWORD, **fields):
        # Few iterations, because the tests are about the format.
        stored = made_by("pbkdf2_sha256", password, salt=key_of("salt of " + name)[:22], iterations=1000)
        given = {"email": name + "@example.com", "password": stored, "date_joined": moment, **fields}
        return User.objects.create(username=name, **given)

    users = {
        "ada": user("ada", first_name="Ada", last_name="Lovelace", is_staff=True, is_superuser=True),
        "bob": user("bob", first_name="Bob", is_staff=True),
        "carol": user("carol", is_active=False),
        "dave": user("dave"),
        "unknown": 987654,
    }
    user("no-mail", email="")
    user("Eve", email="eve@example.com")
    user("eve", email="eve2@example.com")
    user("same-mail", email="ADA@example.com")
    user("grace@example.com", email="grace@example.com")
    user("heidi")
    User.objects.filter(username="heidi").update(password="!" + key_of("unusable") + "abcdefgh")
    made = sessions_of(users)
    return what_there_is(made, "auth_user")


def members():
    import uuid

    from django.core.management import call_command
    from members.models import Member

    call_command("migrate", run_syncdb=True, verbosity=0)

    def member(name, **fields):
        stored = made_by("pbkdf2_sha256", PASSWORD, salt=key_of("salt of " + name)[:22], iterations=1000)
        uid = uuid.uuid5(uuid.NAMESPACE_DNS, name)
        return Member.objects.create(uid=uid, email=name + "@example.com", full_name=name.title(), password=stored, **fields)

    users = {
        "ada": member("ada", is_superuser=True),
        "bob": member("bob"),
        "carol": member("carol", is_active=False),
        "dave": member("dave"),
        "unknown": uuid.UUID(int=7),
    }
    made = sessions_of(users)
    return what_there_is(made, "club_members")


def what_there_is(made, user_table):
    # Read the rows first, because Django deletes an expired session when it is requested.
    tables = rows(user_table, "django_session")
    return {"password": PASSWORD, "sessions": made, "seen": seen_by_django(made), "tables": tables}


def rows(*tables):
    from django.db import connection

    def of(table):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM %s ORDER BY 1" % table)
            names = [column[0] for column in cursor.description]
            plain = lambda value: value if value is None or isinstance(value, int) else str(value)
            return [dict(zip(names, map(plain, row))) for row in cursor.fetchall()]

    return {table: of(table) for table in tables}


if mode == "hashes":
    result = hashes()
else:
    result = {
        "django": django.get_version(),
        "madeAt": moment.isoformat(),
        "secretKey": SECRET_KEY,
        "oldKey": OLD_KEY,
        **(members() if mode == "members" else site()),
    }
print(json.dumps(result, indent=2, ensure_ascii=False))
