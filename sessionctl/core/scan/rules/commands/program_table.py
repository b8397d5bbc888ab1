"""Program table: which programs take a secret, and at which of their arguments.

A line is a group of programs, a colon, and the places of the secrets among what they are given:

========== =======================================================================
``-p``     behind this option: the next word, after ``=``, or attached to a letter
``-p+``    attached to it only: ``-pX``
``-u:``    the same, as ``user:X``
``-U%``    the same, as ``user%X``
``-b;``    the same, as ``name=X; name=X``
``?-p``    behind this option, where one of ``LOGIN_WORDS`` stands before it
``.2``     the second word that is no option; ``.0`` is the last one, of three at least
``add.2``  the second one behind the word ``add``
``key>``   the word behind the word ``key``
``key=``   in the same word behind ``key=``
``/``      ``user/X`` or ``user/X@place``
``@``      ``user:X@place`` or ``domain/user:X@place``
``<``      what is piped into it
``<-S``    what is piped into it, where ``-S`` is among its words
========== =======================================================================
"""

from __future__ import annotations

TABLE = """\
mysql mysqldump mysqlimport mysqlshow mysqlcheck mysqlpump mariadb mariadb-dump: -p+
mariadb-check mariadb-import mariadb-show mariabackup xtrabackup innobackupex mysqlslap: -p+
mysqladmin mariadb-admin: -p+ password>
mydumper myloader mysqlbinlog mytop innotop mysqltuner.pl pt-table-checksum pt-kill: -p --pass
mycli litecli iredis cqlsh mssql-cli usql arangosh arangodump dsbulk dse ksql: -p
mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop mongofiles: -p
redis-cli valkey-cli keydb-cli: -a --pass auth> AUTH> requirepass> masterauth>
redis-benchmark valkey-benchmark redis-dump redis-shake rdb: -a
sqlcmd bcp osql tsql bsqldb fisql: -P
isql: -p -pas -password
gbak gfix gsec nbackup gstat fbsvcmgr: -pas -password -pw
db2 db2cli: using>
influx: -password -t
cypher-shell beeline hdbsql snowsql couchbase-cli cbbackup cbbackupmgr cbq cbimport cbexport: -p
neo4j-admin: set-initial-password.1
nodetool nzsql: -pw
vsql: -w
exaplus exajload: -p -P
clickhouse-client clickhouse: --password
memcached-cli couchdb-dump couchdb-backup: -p
expdp impdp rman sqlldr sqlplus sqlcl: /
etcdctl: --user:
zkCli.sh zkcli: digest>:
ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldapcompare ldapmodrdn ldapexop ldapvi: -w
ldappasswd: -w -s -a
slappasswd: -s
dsconf dsidm ipa-client-install ipa-getkeytab ipa-replica-install: -w
ipa-server-install: -p -a
rabbitmqctl: add_user.2 change_password.2 authenticate_user.2
rabbitmqadmin activemq artemis amqp-publish amqp-consume: -p --password
mosquitto_pub mosquitto_sub mosquitto_rr: -P
mqtt mqttx hivemq: -P -pw
nats-server: --auth --pass
nats: --password
zip unzip zipcloak zipnote funzip zipsplit pyzipper pyminizip: -P
7z 7za 7zr 7zz: -p+
rar unrar: -p+ -hp+
unar lsar 7zp: -p -password
arj: -g+
openssl: -k -K -pass -passin -passout passwd.1 <stdin <fd:0
ccrypt ccencrypt ccdecrypt ccat: -K -P --key
mcrypt mdecrypt crypt: -k --key
aescrypt veracrypt truecrypt steghide stegsnow stegseek qsteg: -p
aespipe encfs gocryptfs ecryptfs-add-passphrase ecryptfs-wrap-passphrase cryptmount: <
outguess jphide cryptcat ss-local ss-server ss-redir ss-tunnel sslocal ssserver: -k
yadm transcrypt: -p --password
pdftk: input_pw> owner_pw> user_pw>
qpdf: --password --encrypt.1 --encrypt.2 --user-password --owner-password user_pw> owner_pw>
pdftotext pdftops pdftoppm pdfinfo pdfimages pdfdetach pdffonts pdftocairo pdftohtml: -upw -opw
pdfseparate pdfunite pdfsig pdfcpu xpdf okular: -upw -opw
mutool mupdf mupdf-gl msoffcrypto-tool olevba oleobj pcodedmp fq: -p
pdfcrack zathura: -w
keytool jarsigner: -storepass -keypass -srcstorepass -deststorepass -srckeypass -destkeypass -new
apksigner bundletool zipalign: --ks-pass --key-pass
signtool: /p>
osslsigncode: -pass
certutil: -p
pk12util: -K -W -w
p11tool: --set-pin --set-so-pin
pkcs11-tool pkcs15-tool pkcs15-crypt pkcs15-init: -p --pin --so-pin --new-pin
softhsm2-util: --pin --so-pin
yubico-piv-tool: -P -N -k
ykman: -p -P -n -m -a -c add.2
gpg gpg2: <--passphrase-fd <--passphrase-fd=0
ssh-keygen: -N -P
ssh-add age-keygen paperkey: <-
fly flyctl: <import
age: <-p
plink pscp psftp putty kitty: -pw
sshpass: -p
sshpass-win: -p
rdesktop xfreerdp wlfreerdp sdl-freerdp xfreerdp3 wlfreerdp3 tsclient: -p
vncdo vncdotool vnccapture vncsnapshot: -p --password
vncviewer pg_basebackup x11vnc x0vncserver vino: -passwd
spicy remote-viewer: -w
x2goclient nxplayer: --password
rustdesk anydesk teamviewer: --password passwd>
curl: -u: -U: --user: --proxy-user: -b; --cookie;
http https xh xhs httpie ht: -a: --auth:
hey wrk ab bombardier k6 oha: -a: -A: -P:
hurl wscat websocat: --user: --auth:
miniserve: -a: --auth:
lwp-request GET POST: -C:
wget wget2 aria2c axel: --password
lftp ncftp ncftpget ncftpput ncftpls: -u: -p
smbclient smbmap rpcclient smbget smbcacls smbcquotas smbtree samba-regedit winexe: -U% --user%
net: -U% --user% user.2
smbmap: -p
smbpasswd: -w
wbinfo: -a% -K%
pdbedit saslpasswd2 vncpasswd runas: <
samba-tool: --newpassword --adminpass create.2
crackmapexec nxc netexec evil-winrm bloodhound-python certipy kerbrute enum4linux-ng: -p -H
hydra medusa ncrack patator lsassy pywhisker bloodyAD gMSADumper: -p
ldapdomaindump adidnsdump windapsearch: -p -w
psexec psexec64 PsExec PsExec64 pskill pslist psservice psloggedon winrs: -p
psexec.py secretsdump.py wmiexec.py smbexec.py atexec.py dcomexec.py GetNPUsers.py: @ -hashes
GetUserSPNs.py GetADUsers.py getTGT.py getST.py lookupsid.py mssqlclient.py smbclient.py: @ -hashes
impacket-psexec impacket-secretsdump impacket-wmiexec impacket-smbexec impacket-atexec: @ -p -hashes
impacket-GetNPUsers impacket-GetUserSPNs impacket-mssqlclient impacket-smbclient: @ -p -hashes
impacket-getTGT impacket-lookupsid impacket-dcomexec impacket-ntlmrelayx addcomputer.py: @ -hashes
schtasks: /rp> /p> /RP> /P>
bitsadmin: /setcredentials.5 /SetCredentials.5
taskkill tasklist systeminfo getmac driverquery openfiles eventcreate gpresult shutdown.exe: /p> /P>
snmpget snmpwalk snmpset snmpgetnext snmpbulkget snmpbulkwalk snmptable snmptrap: -A -X -c
snmpinform snmpdf snmpstatus snmpdelta snmptest snmpusm snmpvacm snmp-check check_snmp: -A -X -c
onesixtyone: .2
ipmitool: -P -k
ipmipower ipmi-sensors ipmi-sel ipmi-fru ipmi-chassis ipmiconsole bmc-info bmc-config: -p
racadm ilorest redfishtool supermicro sum esxcli vim-cmd perccli: -p
ipmiutil: -P
openconnect: -p <--passwd-on-stdin
vpnc openfortivpn pptpsetup charon-cmd: -p
vpncmd: /PASSWORD>
nmcli: password> wifi-sec.psk> 802-11-wireless-security.psk> wep-key0> wifi-sec.wep-key0>
nmcli: vpn.secrets>
iw iwconfig: key>
iwctl: --passphrase -P
wpa_passphrase: .2 <
wpa_cli: -p psk> password>
networksetup: -setairportnetwork.3
create_ap lnxrouter: -p .0
airdecap-ng: -p -w
airdecloak-ng reaver bully: -p
expressvpn: .9
nordvpn protonvpn-cli windscribe: -p login.2
mullvad: login.1
warp-cli: license.1
tailscale headscale: --authkey --auth-key
cloudflared: install.1 --token
ngrok: authtoken.1 add-authtoken.1 --authtoken
wg: <pubkey <set
radtest: .2 .5
radclient radeapclient: .3
eapol_test: -s
kinit: <
kadmin kadmin.local: -w -pw
ktpass: /pass> -pass
swaks: -ap --auth-password -a
sendemail sendEmail: -xp
imapsync: --password1 --password2
irssi: -w
sic: -k
sendxmpp go-sendxmpp: -p
ejabberdctl: register.3 change_password.3 check_password.3
prosodyctl: register.3
signal-cli: -p --pin
matrix-commander linphonecsh pjsua: --password
sipp: -ap
sipsak: -a
pushover pushover-cli: -t -u -a --token
gotify slackcat slack-cli telegram-send: -t --token
curlftpfs: user=:
netsh: key= keyMaterial=
immich: login.2
ntfy: -u: -k --token --user:
yt-dlp youtube-dl yt-dlp-nightly: -p -2 --twofactor --video-password --ap-password
gallery-dl instaloader instagram-scraper: -p
spotifyd librespot spotdl ncspot: -p
deluge-console: connect.3
transmission-remote: -n: --auth:
transmission-daemon: -v
qbt qbittorrent-cli: -p
docker podman buildah nerdctl: ?-p <--password-stdin <secret --creds:
skopeo crane helm oras regctl: ?-p <--password-stdin --creds: --src-creds: --dest-creds:
kubectl: <secret
kubeadm: --token --discovery-token
oc: ?-p -t
cf ibmcloud bx: ?-p auth.2
az: ?-p <login --sas-token
twine flit pdm rye: ?-p -p
uv: --token -t
argocd rancher harbor jfrog jf: ?-p
conan: -p
doctl vercel now linode-cli hcloud tea codecov fly flyctl: -t
netlify: -a --auth
gh: <--with-token <set
glab: <--stdin
travis: encrypt.1 --github-token
npm: <login
cargo: login.1 <login
bundle: set.2 config.2
choco: -k
nuget: -k -ApiKey -Password
dotnet: -k --api-key
vsce ovsx tfx: -p -t
mvn: --encrypt-password --encrypt-master-password
jenkins-cli jenkins-cli.jar: -auth:
splunk: -auth:
eas expo: -p
altool notarytool: -p --password
hatch: -a --auth
snyk: auth.1
wandb: login.1
huggingface-cli hf: --token
openai: -k
llm: --value
fastlane: -a
rsconnect: -k
tabcmd airflow superset: -p
elasticsearch-users: -p
esrally elasticdump: --password
vault: login.1 unseal.1 <- <login
consul nomad: -token
fossil: password.2
p4: -P
knife: -P
virsh: --base64
virt-customize virt-builder virt-sysprep: --root-password
vmrun: -gp -vp -gu
VBoxManage vboxmanage: --password
mc: set.4 add.4 --password
s3cmd: --secret_key
cadaver: --secret-key
aws: --secret-string
rclone: obscure.1 pass> password>
kopia duplicati-cli: -p
restic borg: <
htpasswd mosquitto_passwd: <-i
mkpasswd: .1 <-s
caddy: -p --plaintext
argon2 bcrypt-cli scrypt: <
doveadm: -p test.2
testsaslauthd: -p
oathtool: --totp> --base32> --hotp> -b> -s> -d>
totp-cli 2fa: add.2
tpm2_create tpm2_createprimary tpm2_load tpm2_unseal tpm2_changeauth tpm2_nvdefine: -p -P
keyctl: <padd add.3
secret-tool: <store
pass gopass passage: <insert
secrethub: <write
bw: login.2 unlock.1 <login <unlock
op: signin.3 --session <signin
passbolt: --userPassword -p
useradd usermod adduser: -p --password
chpass: -p
chpasswd passwd smbpasswd su systemd-ask-password snowsql mount.cifs mysql_config_editor: <
sudo: <-S <--stdin
dscl: -passwd.2 -passwd.3
sysadminctl: -password -newPassword -adminPassword -oldPassword
diskutil hdiutil: -passphrase <-stdinpass
security: ?-w ?-p ?-P
mas: signin.2
cryptsetup luksFormat: <
zfs: <load-key <change-key <create
ansible-vault: <encrypt_string encrypt_string.1
wrangler: <put
systemd-creds: <encrypt
psql: <-W
sqlmap: --auth-cred:
nikto: -id:
shodan: init.1
wpscan: --api-token
msfvenom msfconsole: PASSWORD> SMBPass> RPASSWORD>
odoo odoo-bin: -w
composer: github-oauth.github.com> gitlab-token.gitlab.com>
mcrcon rcon rcon-cli: -p -P
steamcmd: +login.2
srcds_run hlds_run hlds srcds: +rcon_password> +sv_password> +sv_setsteamaccount> +password>
bitcoin-cli litecoin-cli dogecoin-cli dash-cli: walletpassphrase.1 encryptwallet.1 importprivkey.1
bitcoin-qt bitcoind namecoin-cli zcash-cli: walletpassphrase.1 walletpassphrasechange.1
electrum: -W restore.1
monero-wallet-cli monero-wallet-rpc: --password
cast forge anvil: --private-key --mnemonic
cleos: -p --private-key
murmurd mumble-server: -supw
hass-cli: --token
miiocli mirobo: --token
dvc: password> secret_access_key>
ConvertTo-SecureString: .1
grafana grafana-cli: reset-admin-password.1
idevicebackup2: encryption.2 changepw.1 changepw.2
locksettings: set-pin.1 set-password.1 set-pattern.1
adb: pair.2 set-pin.1 set-password.1
chamber: write.3
credstash: put.2
check_mysql check_pgsql check_imap_receive check_mssql check_oracle check_mysql_query: -p
check_ldap check_smtp: -P
upscmd upsrw: -p
jboss-cli.sh kcadm.sh karaf client.sh wsadmin.sh add-user.sh: -p --password -password
hg svn bzr: --password
getmail mpop fetchmail: --password
pvesm qm pct: --password --cipassword
ecryptfs-mount-private keepassxc-cli: <
addprinc: -pw
kpcli: --pwfile
"""
