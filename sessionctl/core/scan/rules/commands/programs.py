"""Programs that take a password as an argument, and where among their arguments."""

from __future__ import annotations

from sessionctl.core.text.lazy_pattern import late

NEXT, ATTACHED, USER, PERCENT, COOKIE = "next", "attached", "user", "percent", "cookie"
"""Where an option has its secret: in the next word; behind its letter; there, as
``user:secret``; there, as ``user%secret``; there, as ``name=secret; name=secret``."""


def _for(programs: str, **options: str) -> dict[str, dict[str, str]]:
    spelled = {
        f"-{option.rstrip('_').replace('_', '-')}": where for option, where in options.items()
    }
    return dict.fromkeys(programs.split(), spelled)


# What programs call their passwords, where that is one letter, which others use otherwise.
OPTIONS = {
    **_for(
        "mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlpump mariadb", p=ATTACHED
    ),
    **_for("mariadb-dump mariadb-admin mysqlslap mydumper mysqlbinlog", p=ATTACHED),
    **_for("mycli iredis cqlsh mssql-cli rdesktop usql arangosh", p=NEXT),
    **_for("curl", u=USER, U=USER, _user=USER, _proxy_user=USER, b=COOKIE, _cookie=COOKIE),
    **_for("http https xh xhs httpie", a=USER, _auth=USER),
    **_for("hey wrk ab bombardier k6", a=USER, A=USER, P=USER),
    **_for("redis-cli valkey-cli keydb-cli redis-benchmark", a=NEXT, _pass=NEXT),
    **_for("sshpass", p=NEXT),
    **_for(
        "mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop", p=NEXT
    ),
    **_for("ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldappasswd", w=NEXT, s=NEXT),
    **_for("zip unzip zipcloak", P=NEXT),
    **_for("7z 7za 7zz rar unrar", p=ATTACHED),
    **_for("smbclient smbmap rpcclient smbget net", U=PERCENT),
    **_for("sqlcmd bcp osql", P=NEXT),
    **_for("isql", p=NEXT, pas=NEXT, password=NEXT),
    **_for("snmpget snmpwalk snmpset snmpbulkwalk snmptable", A=NEXT, X=NEXT, c=NEXT),
    **_for("ipmitool", P=NEXT),
    **_for("mosquitto_pub mosquitto_sub mosquitto_rr", P=NEXT),
    **_for("plink pscp psftp", pw=NEXT),
    **_for("lftp ncftp ncftpget ncftpput", u=USER, p=NEXT),
    **_for("clickhouse-client", password=NEXT),
    **_for("influx", password=NEXT, t=NEXT),
    **_for("fly flyctl doctl", t=NEXT),
    **_for("etcdctl", _user=USER),
    **_for("op", _session=NEXT),
    **_for("openssl", k=NEXT, K=NEXT),
    **_for(
        "keytool jarsigner", storepass=NEXT, keypass=NEXT, srcstorepass=NEXT, deststorepass=NEXT
    ),
    **_for("ssh-keygen", N=NEXT, P=NEXT),
    **_for("pdftk qpdf", user_pw=NEXT, owner_pw=NEXT),
    **_for("pg_basebackup vncviewer", passwd=NEXT),
    **_for("xfreerdp wlfreerdp", p=NEXT),
    **_for("openconnect vpnc", p=NEXT),
    **_for("wpa_cli crackmapexec nxc evil-winrm impacket-psexec hydra medusa", p=NEXT),
    **_for("rabbitmqadmin activemq", p=NEXT, _password=NEXT),
    **_for("cadaver s3cmd", secret_key=NEXT),
    **_for("useradd usermod", p=NEXT, _password=NEXT),
    **_for("mc", _password=NEXT),
    **_for("cypher-shell beeline hdbsql snowsql yt-dlp youtube-dl openfortivpn", p=NEXT),
    **_for("kadmin kinit", w=NEXT),
    **_for("x11vnc", passwd=NEXT),
    **_for("transmission-remote", n=USER, _auth=USER),
    **_for("nats-server", _auth=NEXT),
    **_for("hatch", a=NEXT, _auth=NEXT),
    **_for("aws", _secret_string=NEXT),
}
# These have such an option only behind one of ``LOGIN_WORDS``.
LOGIN = {
    **_for("docker podman buildah skopeo crane helm nerdctl oras", p=NEXT),
    **_for("az oc cf twine argocd harbor jfrog conan", p=NEXT),
    **_for("security", w=NEXT, p=NEXT, P=NEXT),
}
LOGIN_WORDS = frozenset(
    """login upload add-generic-password add-internet-password create-keychain
    import set-keychain-password unlock-keychain""".split()
)
# Where among the words that are no options a program takes a password; behind which word.
PLACES: dict[str, tuple[tuple[str, int], ...]] = {
    "wpa_passphrase": (("", 2),),
    "rclone": (("obscure", 1),),
    "expressvpn": (("", 9),),
    "bw": (("login", 2), ("unlock", 1)),
    "bundle": (("set", 2), ("config", 2)),
    "cargo": (("login", 1),),
    "cloudflared": (("install", 1),),
    "ConvertTo-SecureString": (("", 1),),
    "db2": (("using", 1),),
    "ejabberdctl": (("register", 3), ("change_password", 3), ("check_password", 3)),
    "grafana": (("reset-admin-password", 1),),
    "grafana-cli": (("reset-admin-password", 1),),
    "mc": (("set", 4), ("add", 4)),
    "mullvad": (("login", 1),),
    "net": (("user", 2),),
    "ngrok": (("authtoken", 1), ("add-authtoken", 1)),
    "op": (("signin", 3),),
    "prosodyctl": (("register", 3),),
    "radtest": (("", 2),),
    "rabbitmqctl": (("add_user", 2), ("change_password", 2), ("authenticate_user", 2)),
    "snyk": (("auth", 1),),
    "vault": (("login", 1),),
    "wandb": (("login", 1),),
    "warp-cli": (("license", 1),),
}
# Words behind which the next one is a password.
WORDS_BEFORE = {
    "nmcli": ("password", "wifi-sec.psk", "802-11-wireless-security.psk"),
    "iw": ("key",),
    "iwconfig": ("key",),
    "redis-cli": ("auth", "AUTH", "requirepass"),
    "schtasks": ("/rp", "/p"),
    "taskkill": ("/p",),
}
# What reads a password from its input, if one of these words is among its arguments; with none
# named, always.
READERS: dict[str, tuple[str, ...]] = {
    "sudo": ("-S", "--stdin"),
    "docker": ("--password-stdin",),
    "podman": ("--password-stdin",),
    "helm": ("--password-stdin",),
    "skopeo": ("--password-stdin",),
    "buildah": ("--password-stdin",),
    "crane": ("--password-stdin",),
    "nerdctl": ("--password-stdin",),
    "oras": ("--password-stdin",),
    "chpasswd": (),
    "passwd": (),
    "kinit": (),
    "su": (),
    "vncpasswd": (),
    "smbpasswd": (),
    "htpasswd": ("-i",),
    "gh": ("--with-token", "set"),
    "glab": ("--stdin",),
    "cryptsetup": (),
    "gpg": ("--passphrase-fd", "--passphrase-fd=0"),
    "gpg2": ("--passphrase-fd", "--passphrase-fd=0"),
    "openssl": ("stdin", "fd:0", "passwd"),
    "vault": ("-", "login"),
    "pass": ("insert",),
    "gopass": ("insert",),
    "secret-tool": ("store",),
    "keyctl": ("padd",),
    "wrangler": ("put",),
    "age": ("-p",),
    "ssh-add": ("-",),
    "wg": ("pubkey", "set"),
    "npm": ("login",),
    "az": ("login",),
    "cargo": ("login",),
    "bw": ("login", "unlock"),
    "op": ("signin",),
    "snowsql": (),
    "mount.cifs": (),
    "kubectl": ("secret",),
    "ansible-vault": ("encrypt_string",),
    "fly": ("import", "login"),
    "openconnect": ("--passwd-on-stdin",),
    "restic": (),
    "borg": (),
    "mysql_config_editor": (),
    "psql": ("-W",),
    "age-keygen": (),
    "systemd-ask-password": (),
    "systemd-creds": ("encrypt",),
}
LOGIN_FIRST = frozenset({"expdp", "impdp", "rman", "sqlldr", "sqlplus"})
"""Those that are given ``user/password`` or ``user/password@place``."""
USER_READERS = frozenset({"chpasswd"})
"""Those that read ``user:password``."""
PASSWORD_FILES = frozenset({"htpasswd", "mosquitto_passwd"})
"""Those that are given the password behind file and user with ``-b``."""
OTHERS = frozenset({*LOGIN_FIRST, *PASSWORD_FILES, "expect", "net", "aws", "cmdkey", "bundle"})
OTHERWISE = frozenset(
    """docker docker-compose podman journalctl systemctl git hg svn ssh scp sftp rsync nix-shell
    useradd usermod adduser runuser start-stop-daemon systemd-run chroot chown psql pg_dump
    pg_restore createdb dropdb pgcli mysql mariadb""".split()
)
"""Those whose ``-p`` is no password, though they have a ``-u`` for somebody."""

SEARCHING = """grep egrep fgrep zgrep rg ag ack ugrep sed awk gawk jq yq find fd pgrep pkill pytest
    rspec ctest ls cat less more head tail vim nvim vi nano emacs emacsclient code man which diff
    delta""".split()
_SEARCH = late(
    rf"(?:^|[\n|;&(`]|\$\()[ \t]*(?:(?:sudo|xargs|time|watch|command|env)[ \t]+(?:-\S+[ \t]+)*)*"
    r"(?:git[ \t]+(?:-\S+[ \t]+)*(?:grep|log|show|blame|diff|commit)|(?:cargo|go)[ \t]+test"
    rf"|{'|'.join(SEARCHING)})(?=[ \t])"
    r"""(?:[^|;&\n"'`]|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')*+"""
)
_USER_OPTION = late(r" (?:-[uUnlem]|--user(?:name)?|--e?mail)[ =]")
_APART = str.maketrans(dict.fromkeys("/\"'`;|&()=<>:", " "))
_KNOWN = frozenset({*OPTIONS, *LOGIN, *PLACES, *WORDS_BEFORE, *READERS, *OTHERS})
NAMES = tuple(sorted(_KNOWN))


def names_a_program(text: str) -> bool:
    """Return whether one of these programs may be called in ``text``."""
    if " " not in text:
        return False
    if not _KNOWN.isdisjoint(text.translate(_APART).split()) or "/p:" in text:
        return True
    has_option = " -p " in text.lower() or " -pw " in text or ":" in text
    return has_option and _USER_OPTION.search(text) is not None


def searched_spans(text: str) -> list[tuple[int, int]]:
    """Return the calls of programs that only look for what they are given, or show a file."""
    return [match.span() for match in _SEARCH.finditer(text)]
