"""Programs that take a password as an argument, and behind which option."""

from __future__ import annotations

NEXT, ATTACHED, USER, PERCENT = "next", "attached", "user", "percent"
"""Where an option has its secret: in the next word; behind its letter; there, as
``user:secret``; there, as ``user%secret``."""


def _for(programs: str, **options: str) -> dict[str, dict[str, str]]:
    spelled = {f"-{option.replace('_', '-')}": where for option, where in options.items()}
    return dict.fromkeys(programs.split(), spelled)


# What programs call their passwords, where that is one letter, which others use otherwise.
OPTIONS = {
    **_for("mysql mysqldump mysqladmin mysqlimport mysqlshow mariadb mariadb-dump", p=ATTACHED),
    **_for("mycli iredis cqlsh mssql-cli rdesktop", p=NEXT),
    **_for("curl", u=USER, U=USER, _user=USER, _proxy_user=USER),
    **_for("http https xh xhs httpie", a=USER, _auth=USER),
    **_for("redis-cli valkey-cli", a=NEXT, _pass=NEXT),
    **_for("sshpass", p=NEXT),
    **_for("mongo mongosh mongodump mongorestore mongoexport mongoimport", p=NEXT),
    **_for("ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldappasswd", w=NEXT),
    **_for("zip unzip zipcloak", P=NEXT),
    **_for("7z 7za 7zz rar unrar", p=ATTACHED),
    **_for("smbclient smbmap rpcclient smbget", U=PERCENT),
    **_for("sqlcmd bcp osql", P=NEXT),
    **_for("snmpget snmpwalk snmpset snmpbulkwalk", A=NEXT, X=NEXT),
    **_for("ipmitool mosquitto_pub mosquitto_sub", P=NEXT),
    **_for("plink pscp psftp", pw=NEXT),
    **_for("lftp ncftp", u=USER, p=NEXT),
    **_for("influx clickhouse-client", password=NEXT),
}
# These have such an option only behind the word "login" (or "upload").
LOGIN = {
    **_for("docker podman buildah skopeo crane helm nerdctl oras", p=NEXT),
    **_for("az oc cf twine", p=NEXT),
}
LOGIN_WORDS = ("login", "upload")

_APART = str.maketrans(dict.fromkeys("/\"'`;|&()=", " "))


def names_a_program(text: str) -> bool:
    """Return whether one of these programs may be called in ``text``."""
    if "-" not in text and "/p:" not in text:
        return False
    words = text.translate(_APART).split()
    return any(word in OPTIONS or word in LOGIN for word in words) or "/p:" in text
