"""Whole sessions of several trades, with typed secrets and lines that only look like some.

Written before the rules that find them, each by another habit. A line that begins with ``!``
holds a secret, one that begins with ``~`` holds none though it may look so.
"""

# ruff: noqa: E501 - lines of other programs are as long as they are
from __future__ import annotations

OPERATIONS = r'''
name = "ops"
description = """
Sysadmin desk.
!The iDRAC on rack 4 answers to root / calvin77x
~The runbook for passwords is docs/passwords.md
!vpn pre-shared key is 8fK2-mZq1-77aa
~ask Maria for the token when it expires
"""

[env]
!LDAP_BIND_PW = "Zw9!rteLq"
!BORG_PASSPHRASE = "trocken brot und wasser"
!RESTIC_PASSWORD = "mk3-Olive-Harbor"
~RESTIC_PASSWORD_FILE = "/etc/restic/pw"
~RESTIC_PASSWORD_COMMAND = "pass show restic"
~SSH_ASKPASS = "/usr/bin/ksshaskpass"
~GPG_TTY = "/dev/pts/3"
!CONSUL_HTTP_TOKEN = "b1gs9d52-3c9b-44f0-9f1b-6d2be0e7f0a4"
!NOMAD_TOKEN = "6f0a21c8-1e77-4d0e-b0c3-5b2a1f9ad012"
!VAULT_TOKEN = "hvs.CAESIJk3nq8sPZ0aXb2u71Q"
~VAULT_ADDR = "https://vault.example.org:8200"
~VAULT_SKIP_VERIFY = "true"
!SNMP_COMMUNITY = "r0-netw4tch"
!SMTP_PASS = "kellerassel"
~SMTP_AUTH = "login"
~PASSWORD_STORE_DIR = "~/.password-store"
!MYSQL_PWD = "tischbein4"
~PGPASSFILE = "~/.pgpass"
!PGPASSWORD = "s3cr3t"
~KEYCHAIN_TIMEOUT = "3600"
~TOKEN_LIFETIME = "86400"
!IPMI_PASSWORD = "ADMIN2019"
~COOKIE_DOMAIN = "example.org"

[[windows]]
name = "servers"
   [[windows.panes]]
! run = "ipmitool -I lanplus -H 10.0.4.2 -U root -P Calv1n! chassis status"
   [[windows.panes]]
~  run = "ipmitool -I lanplus -H 10.0.4.2 -U root -f ~/.ipmipass chassis status"
   [[windows.panes]]
! run = "ldapsearch -x -D cn=admin,dc=example,dc=org -w gurke88 -b dc=example,dc=org"
   [[windows.panes]]
~  run = "ldapsearch -x -D cn=admin,dc=example,dc=org -W -b dc=example,dc=org"
   [[windows.panes]]
~  run = "ldapsearch -x -D cn=admin,dc=example,dc=org -y /etc/ldap.secret -b dc=example,dc=org"
   [[windows.panes]]
! run = "smbclient //nas/share -U backup%Nordsee12"
   [[windows.panes]]
~  run = "smbclient //nas/share -U backup -A /root/.smbcred"
   [[windows.panes]]
! run = "sshpass -p 'Lok&Fuhrer' ssh root@10.0.0.9"
   [[windows.panes]]
~  run = "sshpass -f /root/pw ssh root@10.0.0.9"
   [[windows.panes]]
~  run = "ssh -p 2222 root@10.0.0.9"
   [[windows.panes]]
! run = "mount -t cifs //nas/media /mnt -o username=kodi,password=Filmabend3,vers=3.0"
   [[windows.panes]]
~  run = "mount -t cifs //nas/media /mnt -o credentials=/root/.smbcred,vers=3.0"
   [[windows.panes]]
! run = "openssl rsa -in server.key -passin pass:blauwal -out plain.key"
   [[windows.panes]]
~  run = "openssl rsa -in server.key -passin file:/root/pw -out plain.key"
   [[windows.panes]]
~  run = "openssl rsa -in server.key -passin env:KEYPASS -out plain.key"
   [[windows.panes]]
! run = "gpg --batch --passphrase murmeltier -d backup.gpg"
   [[windows.panes]]
~  run = "gpg --batch --passphrase-file /root/pp -d backup.gpg"
   [[windows.panes]]
~  run = "gpg --batch --passphrase-fd 0 -d backup.gpg"
   [[windows.panes]]
! run = "snmpwalk -v2c -c mySecretRO 10.1.1.1 1.3.6.1.2.1"
   [[windows.panes]]
! run = "snmpget -v3 -u mon -l authPriv -a SHA -A authgeheim1 -x AES -X privgeheim1 10.1.1.1 sysUpTime.0"
   [[windows.panes]]
~  run = "snmpwalk -v2c -c public 10.1.1.1 1.3.6.1.2.1"
   [[windows.panes]]
! run = "xfreerdp /v:win01 /u:Administrator /p:Herbst2023 /size:1280x800"
   [[windows.panes]]
~  run = "xfreerdp /v:win01 /u:Administrator /port:3390 /size:1280x800"
   [[windows.panes]]
! run = "rdesktop -u admin -p Winter2022 win02"
   [[windows.panes]]
! run = "echo 'Frühling21' | cryptsetup luksOpen /dev/sdb1 data -"
   [[windows.panes]]
~  run = "cryptsetup luksOpen /dev/sdb1 data --key-file /root/data.key"
   [[windows.panes]]
! run = "zip -P Rosinenbrot -r backup.zip /etc"
   [[windows.panes]]
! run = "7z a -pRosinenbrot backup.7z /etc"
   [[windows.panes]]
~  run = "7z x -o/tmp/out -y backup.7z"
   [[windows.panes]]
! run = "unrar x -pLakritz archive.rar"
   [[windows.panes]]
~  run = "unzip -o archive.zip -d /tmp/out"
   [[windows.panes]]
! run = ["mysql", "-u", "root", "-pgrashuepfer", "-h", "db1"]
   [[windows.panes]]
~  run = ["mysql", "-u", "root", "-p", "-h", "db1"]
   [[windows.panes]]
~  run = ["mysql", "-u", "root", "-P", "3307", "-h", "db1"]
   [[windows.panes]]
! run = "mysqldump --user=bak --password=Eichhorn7 --all-databases"
   [[windows.panes]]
! run = "redis-cli -h cache -a quietscheente PING"
   [[windows.panes]]
! run = "mosquitto_pub -h broker -u sensor -P ofenrohr -t home/temp -m 21"
   [[windows.panes]]
~  run = "mosquitto_sub -h broker -p 8883 -t 'home/#' -v"
   [[windows.panes]]
! run = "rabbitmqctl add_user worker Hasenfuss9"
   [[windows.panes]]
! run = "rabbitmqadmin -u admin -p Kaninchen list queues"
   [[windows.panes]]
~  run = "rabbitmqctl list_users"
   [[windows.panes]]
! run = "htpasswd -bc /etc/nginx/.htpasswd alice wonderl4nd"
   [[windows.panes]]
~  run = "htpasswd -c /etc/nginx/.htpasswd alice"
   [[windows.panes]]
! run = "echo 'root:Pfannkuchen' | chpasswd"
   [[windows.panes]]
~  run = "passwd -l alice"
   [[windows.panes]]
! run = "useradd -m -p '$6$salt$hjKq0w8c2yxT0A' deploy"
   [[windows.panes]]
! run = "net use Z: \\\\nas\\share Sommer2024 /user:CORP\\jo"
   [[windows.panes]]
! run = "curl -u admin:nagiosrulez https://mon.example.org/api"
   [[windows.panes]]
~  run = "curl -u admin https://mon.example.org/api"
   [[windows.panes]]
~  run = "curl --netrc https://mon.example.org/api"
   [[windows.panes]]
! run = "curl -H 'X-Auth-Key: 0f3c9a1be7d24c55a' https://api.example.org/zones"
   [[windows.panes]]
~  run = "curl -H 'X-Request-Id: 0f3c9a1be7d24c55a' https://api.example.org/zones"
   [[windows.panes]]
! run = "wget --http-user=bot --http-password=klettverschluss https://x.example.org/f"
   [[windows.panes]]
! run = "lftp -u bob,Zwetschge ftp.example.org"
   [[windows.panes]]
! run = "ncftpget -u bob -p Zwetschge9 ftp.example.org . /pub/x"
   [[windows.panes]]
! run = "nmcli dev wifi connect Werkstatt password Hobelbank55"
   [[windows.panes]]
~  run = "nmcli dev wifi list"
   [[windows.panes]]
! run = "wpa_passphrase Werkstatt Hobelbank55 > /etc/wpa.conf"
   [[windows.panes]]
! run = "iwctl --passphrase Hobelbank55 station wlan0 connect Werkstatt"
   [[windows.panes]]
! run = "radtest bob wackelpudding 127.0.0.1 0 testing123"
   [[windows.panes]]
! run = "kinit admin@EXAMPLE.ORG <<< 'Kerberos9'"
   [[windows.panes]]
~  run = "kinit -k -t /etc/krb5.keytab host/web1"
   [[windows.panes]]
! run = "samba-tool user setpassword jo --newpassword=Quark1234"
   [[windows.panes]]
! run = "keytool -list -keystore ks.jks -storepass changeit99"
   [[windows.panes]]
~  run = "keytool -list -keystore ks.jks -alias web"
   [[windows.panes]]
! run = "docker login -u ci -p Hafenkran1 registry.example.org"
   [[windows.panes]]
~  run = "docker run -p 8080:80 -u 1000 nginx"
   [[windows.panes]]
! run = "skopeo copy --dest-creds ci:Hafenkran1 docker://a docker://b"
   [[windows.panes]]
! run = "velero-login --token 9d8f7a6s5d4f3g2h1j"
   [[windows.panes]]
! run = "kubectl create secret generic db --from-literal=password=Muschel99"
   [[windows.panes]]
~  run = "kubectl create secret generic db --from-file=password=./pw.txt"
   [[windows.panes]]
~  run = "kubectl get secret db -o yaml"
   [[windows.panes]]
! run = "kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef --discovery-token-ca-cert-hash sha256:9f8e"
   [[windows.panes]]
~  run = "kubeadm token list"
   [[windows.panes]]
! run = "openconnect --user=jo --passwd-on-stdin vpn.example.org <<< Gipfel77"
   [[windows.panes]]
! run = "ansible-playbook site.yml -e ansible_become_pass=Turnschuh"
   [[windows.panes]]
~  run = "ansible-playbook site.yml --vault-password-file ~/.vp --ask-become-pass"
   [[windows.panes]]
! run = "govc about -u 'administrator@vsphere.local:VMw4re!!@vc01'"
   [[windows.panes]]
! run = "virsh secret-set-value --secret 33a8 --base64 QVFDOU5nTlpBQUFBQUJBQTdXNg=="
   [[windows.panes]]
! run = "vncviewer -passwd <(echo kranich) host:1"
   [[windows.panes]]
~  run = "vncviewer -passwd ~/.vnc/passwd host:1"

[connections.mon]
driver = "http"
!url = "https://mon:Ampelmann@mon.example.org/"
~probe = "/password/reset"

[connections.jump]
driver = "ssh"
~run = ["sudo", "-u", "postgres", "psql"]

[preferences]
!router_login = "admin/FritzBox123"
~password_manager = "keepassxc"
~token_limit = 4096
~secret_santa = "december"
~key_repeat = "fast"
~pin_tabs = "true"
notes = [
! "switch enable secret: Kupferkabel",
~  "change the passwords every quarter",
! "safe combo 12-44-07, alarm PIN 8842",
! "WLAN-Passwort: Hobelbank55",
~  "Passwort liegt im Tresor",
]
# Cisco
cisco = """
!enable secret 0 Kupferdraht
!username admin privilege 15 password 0 Glasfaser
!snmp-server community s3ecret RW
!tacacs-server key Rosenkohl
!crypto isakmp key Blumenkohl address 203.0.113.9
~hostname core-sw1
~service password-encryption
~ip ssh version 2
~aaa new-model
"""
[apps.files]
netrc = """
!machine ftp.example.org login bob password Zwetschge
~machine ftp.example.org login bob
"""
!pgpass = "db1:5432:*:backup:Regenwurm"
!smbcred = "username=bob\npassword=Zwetschge\ndomain=CORP"
my_cnf = """
[client]
user=backup
!password=Regenwurm
~host=db1
~ssl-ca=/etc/mysql/ca.pem
"""
wpa = """
network={
~  ssid="Werkstatt"
! psk="Hobelbank55"
~  key_mgmt=WPA-PSK
}
"""
msmtp = """
account default
~host smtp.example.org
~auth on
!password Kellertreppe
~passwordeval pass show mail
~tls_fingerprint 7C:8E:4B:01:A0:FF
"""
sssd = """
~id_provider = ldap
!ldap_default_authtok = Gartenzaun
~ldap_default_authtok_type = password
"""
wg = """
[Interface]
!PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
[Peer]
~PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
!PresharedKey = /UwcSPg38hW/D9Y3tcS1FOV0K1wuURMbS0sesJEP5ak=
~AllowedIPs = 10.0.0.0/24
"""
!ipsec = "10.0.0.1 203.0.113.9 : PSK \"Haselnuss\""
!chap = "bob * Walnuss99 *"
!davfs = "https://cloud.example.org/dav bob Paranuss7"
~ shadow_path = "/etc/shadow"
~ fingerprint = "SHA256:uNiVztksCsDhcc0u9e8BrXXVJqhvSyi1J3oBXwZTXJY"
~ commit = "4f1b0a7dfeee0ab4f6d2c64a9b2b3c6ed0f7e9a1"
~ release = "v2.31.0-rc1"
~ uuid = "9d3f3c1e-3a3c-4c55-8e3c-4dd1b1a1fa11"
!# root pw on the old box: Schnittlauch
~# pw rotation happens on mondays
~# see https://wiki.example.org/passwords?page=2
!# the admin password is still Schnittlauch2
!# sudo -S <<< Dachrinne apt update
~# TODO: move the token into the vault
'''
