"""Lines of configuration files that name a password by its place alone."""

from __future__ import annotations

from sessionctl.core.scan.text_scan import text_parts
from tests.together import together

NAMED = """\
enable secret 0 «Kupferdraht»
username admin privilege 15 password 0 «Glasfaser»
snmp-server community «s3ecret» RW
tacacs-server key «Rosenkohl»
crypto isakmp key «Blumenkohl» address 203.0.113.9
neighbor 10.0.0.1 password «Rosenkohl»
set psksecret «Rosenkohl»
rootpw --plaintext «Rosenkohl9»
ada * «Walnuss99» *
: PSK "«Haselnuss»"
: EAP "«Haselnuss»"
https://cloud.example.org/dav ada «Paranuss7»
[smtp.example.org]:587 ada@example.org:«Paranuss7»
socks5 127.0.0.1 1080 ada «Paranuss»
deploy:«Gurke-77!x»"""
MANY = """\
account default
host smtp.example.org
user ada
password «Kellertreppe»
tls on"""
HARMLESS = """\
service password-encryption
ip ssh version 2
crypto key generate rsa
key chain wan
ntp authentication-key 1
snmp-server community public RO
change the password every quarter
set password policy for all users
password rotation is due
username ada privilege 15
0 4 * * * /usr/bin/backup7
see https://example.org/x for details
* * *
web:latest
[smtp.example.org]:587 ada"""


def found(text):
    shown = text
    for part in reversed(text_parts(text, is_strict=True)):
        shown = f"{shown[: part.start]}«{shown[part.start : part.end]}»{shown[part.end :]}"
    return shown


@together("line", [*NAMED.split("\n"), MANY, "# " + NAMED.split("\n", maxsplit=1)[0]])
def test_what_stands_behind_a_name_is_found(line):
    assert found(line.replace("«", "").replace("»", "")) == line


@together("line", HARMLESS.split("\n"))
def test_what_is_said_about_passwords_is_none(line):
    assert found(line) == line


def test_a_name_and_a_word_in_a_sentence_are_no_line_of_a_file():
    text = "first, the password goes\npassword rotation\nwe do it every month, as agreed.\n"
    assert found(text) == text
