"""Secrets as people type them into sessions, between «», and lines that hold none.

Written before the rules that find them; see the numbers in docs/secret-scan.md.
"""

# ruff: noqa: E501 - lines of other programs are as long as they are
from __future__ import annotations

SECRETS = r'''
[env]
"CONTRASEÑA_PG" = "«tortuga»"
=
[env]
"contraseña" = "«LunaLlena»"
=
[connections.a]
driver = "postgres"
senha = "«cachorro99»"
=
[connections.a]
driver = "postgres"
mot_de_passe = "«fromage-bleu»"
=
[apps.x]
"пароль" = "«соловей»"
=
[apps.x]
"密码" = "«liyuan2019»"
=
[apps.x]
"パスワード" = "«sakura-hana»"
=
[apps.x]
wachtwoord = "«fietsbel»"
=
[apps.x]
"hasło" = "«kapusta7»"
=
[apps.x]
motDePasse = "«boulangerie»"
=
[apps.x]
"lösenord" = "«midsommar»"
=
[apps.x]
db_kennwort = "«Zwiebelkuchen»"
=
[apps.x]
clave_secreta = "«jaguar_42»"
=
[apps.x]
"비밀번호" = "«hanguk1234»"
=
[apps.x]
parola = "«cornetto»"
=
[apps.x]
"şifre" = "«galata88»"
=
[apps.x]
salasana = "«saunavuoro»"
=
[credentials]
user = "ines"
value = "«pelican-brief»"
=
[login.db]
username = "root"
pass = "«toor»"
=
[apps.mail.auth]
user = "bob"
pass = "«thunderbolt»"
=
[[apps.x.env]]
name = "REDIS_PASSWORD"
value = "«gorgonzola»"
=
[[apps.compose.environment]]
key = "SESSION_SECRET"
value = "«kj32h4kjh23k4jh»"
=
[apps.x]
vars = [{ name = "MYSQL_ROOT_PASSWORD", value = "«mandarin»" }]
=
[apps.x]
passwords = ["«hopscotch»", "«carousel»"]
=
[apps.x]
tokens = ["«b8f2a1c09de4»", "«77af00c19b2d»"]
=
[apps.x]
secrets = { alpha = "«sunflower-seed»", beta = "«moonbeam»" }
=
[apps.x.passwords]
alice = "«wonderland»"
bob = "«thebuilder»"
=
[apps.x]
headers = ["Cookie: sid=«s%3Ahk2j3h4k2j3h4.kjh23»; theme=dark"]
=
[apps.x]
cookie = "«session=MTcwMDAwMDAwMHxEdi1CQkFFQ180SUFBUkFCRUFBQQ»"
=
[apps.x]
headers = { Cookie = "csrftoken=«Xk29dKq02mNsPq81»; sessionid=«9d8s7f98s7df98s7d»" }
=
[[windows]]
name = "a"
[[windows.panes]]
run = "curl -b 'JSESSIONID=«A1B2C3D4E5F60718293A4B5C6D7E8F90»' https://app.corp.net/"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "curl --cookie 'auth=«eyhg23jh4g23jh4g»' https://app.corp.net/"
=
[[windows]]
name = "a"
[[windows.panes]]
run = ["curl", "-H", "X-Api-Key: «a0b1c2d3e4f5a6b7»", "https://app.corp.net/"]
=
[apps.x]
netrc = """
machine ftp.corp.net
login carol
password «steamboat»
"""
=
[apps.x]
netrc = "machine api.heroku.com login a@b.c password «c4cd94da15ea0544802c2cfd5ec4ead3»"
=
[apps.x]
pgpass = "db.corp.net:5432:sales:carol:«riverboat»"
=
[apps.x]
files = ["*:*:*:postgres:«lighthouse»"]
=
[apps.x]
dsn = "carol:«riverboat»@tcp(10.0.0.3:3306)/sales?parseTime=true"
=
[env]
GO_DSN = "root:«s3cr3t»@unix(/run/mysqld/mysqld.sock)/app"
=
[env]
DB = "jdbc:oracle:thin:scott/«tiger123»@//ora.corp.net:1521/ORCL"
=
[env]
DB = "jdbc:sqlserver://sql.corp.net:1433;databaseName=sales;user=sa;password=«Yukon2005»;encrypt=true"
=
[env]
DB = "jdbc:postgresql://pg.corp.net/sales?user=carol&password=«riverboat»"
=
[env]
DB = "Data Source=sql.corp.net;Initial Catalog=sales;User ID=sa;Password=«Barcelona!»"
=
[env]
ODBC = "DSN=sales;UID=carol;PWD=«gondola»"
=
[env]
DB = "host=pg.corp.net user=carol password='«two words»' dbname=sales"
=
[env]
AMQP = "amqp://guest2:«rabbithole»@mq.corp.net//"
=
[env]
SMTP = "smtps://mailer%40corp.net:«p%40ss»@smtp.corp.net:465"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "htpasswd -b /etc/nginx/.htpasswd carol «steamboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = ["htpasswd", "-nbB", "carol", "«steamboat»"]
=
[[windows]]
name = "a"
[[windows.panes]]
run = "sudo chpasswd <<< 'carol:«steamboat»'"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "echo 'deploy:«Gr4nite»' | sudo chpasswd"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "echo «steamboat» | sudo -S apt update"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "printf '%s\n' '«steamboat»' | sudo -kS systemctl restart x"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "sudo -S id <<< «steamboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "sshpass -p«steamboat» ssh carol@box"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "SSHPASS='«steamboat»' sshpass -e ssh carol@box"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "echo «dckrpw99» | docker login -u carol --password-stdin registry.corp.net"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "expect -c 'spawn ssh box; expect assword:; send \"«steamboat»\\r\"; interact'"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "mysql -ucarol -p'«river boat»' sales"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "psql postgres://carol:«riverboat»@pg.corp.net/sales"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "PGPASSWORD=«riverboat» pg_dump sales"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "mongo -u carol -p «riverboat» --authenticationDatabase admin"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "redis-cli -h cache -a «riverboat» ping"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "curl -u carol:«riverboat» https://api.corp.net"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "curl --user carol:«riverboat» -T f ftp://ftp.corp.net"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "wget --user carol --password «riverboat» https://dl.corp.net/x"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "xfreerdp /u:carol /p:«riverboat» /v:win.corp.net"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "ldapsearch -D cn=admin -w «riverboat» -b dc=corp"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "smbclient //nas/share -U carol%«riverboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "mount -t cifs //nas/share /mnt -o username=carol,password=«riverboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "openssl enc -aes-256-cbc -k «riverboat» -in a -out b"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "openssl rsa -in k.pem -passin pass:«riverboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "gpg --batch --passphrase «riverboat» -d x.gpg"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "keytool -list -keystore k.jks -storepass «changeit77»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "rclone obscure «riverboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "nmcli dev wifi connect Home password «blue kettle»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "nmcli dev wifi connect Cafe password «bluekettle»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "wpa_passphrase Home «bluekettle»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "lftp -u carol,«riverboat» sftp://box"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "sqlplus scott/«tigerlily»@ORCL"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "cqlsh -u carol -p «riverboat» cass1"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "influx -username carol -password «riverboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "mosquitto_sub -u carol -P «riverboat» -t '#'"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "ipmitool -I lanplus -H bmc -U admin -P «riverboat» sol activate"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "aws configure set aws_secret_access_key «wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzzzzKEY»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "kubectl create secret generic db --from-literal=password=«riverboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "helm install x ./c --set db.password=«riverboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "vault kv put secret/db password=«riverboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "ansible-playbook site.yml -e ansible_become_pass=«riverboat»"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "export GITLAB_TOKEN=«aVeryLongLettersOnlyToken»; glab mr list"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "docker run -e MYSQL_ROOT_PASSWORD=«mandarin» mysql"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "net use Z: \\\\nas\\share «riverboat» /user:carol"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "svn co https://svn.corp.net/x --username carol --password «riverboat» ."
=
[[windows]]
name = "a"
[[windows.panes]]
run = "7z x -p«riverboat» backup.7z"
=
[[windows]]
name = "a"
[[windows.panes]]
run = "echo «aGVsbG8tc2VjcmV0» | gh auth login --with-token"
=
[env]
DJANGO_SECRET_KEY = "«lettersonlyvaluehere»"
=
[env]
ADMIN_PASS = "«admiral»"
=
[env]
STRIPE_KEY = "«lettersonlykeyvalue»"
=
[env]
MAILGUN_API_KEY = "«abcdefghijklmnop»"
=
[env]
RABBITMQ_DEFAULT_PASS = "«bunny»"
=
[env]
TF_VAR_db_password = "«riverboat»"
=
[env]
ENCRYPTION_SALT = "«f9a8b7c6d5e4»"
=
[env]
HTTP_AUTH = "carol:«riverboat»"
=
[apps.x]
notes = "the root password is «steamboat»"
=
[apps.x]
notes = "ssh to box as carol, password «Steamboat1»"
=
[apps.x]
todo = "login with carol / «Steamboat1»"
=
# root pw: «steamboat»
[apps.x]
a = 1
=
# the wifi passphrase is «blue-kettle-42»
[apps.x]
a = 1
=
# das Passwort ist «Zwiebel7»
[apps.x]
a = 1
=
[apps.x]
notes = "le mot de passe est «fromage42»"
=
[apps.x]
notes = "my PIN is «4711»"
=
[apps.x]
seed = "«ripple scissors kick mammal hire column oak again sun offer wealth tomorrow»"
=
[apps.x]
backup_words = "«legal winner thank year wave sausage worth useful legal winner thank yellow»"
=
# «abandon amount liar amount expire adjust cage candy arch gather drum buyer»
[apps.x]
a = 1
=
[apps.x]
wallet = ["«letter», «advice», «cage», «absurd», «amount», «doctor», «acoustic», «avoid», «letter», «advice», «cage», «above»"]
=
[apps.x]
config_b64 = "«cG9zdGdyZXM6Ly9jYXJvbDpyaXZlcmJvYXRAcGcuY29ycC5uZXQvc2FsZXM=»"
=
[apps.x]
kube = "«cGFzc3dvcmQ9cml2ZXJib2F0»"
=
[apps.x]
hex = "«6d7973716c3a2f2f6361726f6c3a7269766572626f61744064622e636f72702e6e65742f73616c6573»"
=
[apps.x]
auth = "Basic «Y2Fyb2w6cml2ZXJib2F0»"
=
[apps.x]
conf = """
[client]
user = carol
password = «riverboat»
"""
=
[apps.x]
dotenv = """
DB_HOST=localhost
DB_PASSWORD=«riverboat»
"""
=
[apps.x]
yaml = """
db:
  user: carol
  password: «riverboat»
"""
=
[apps.x]
json = '{"user": "carol", "password": "«riverboat»"}'
=
[apps.x]
xml = "<add key=\"ApiKey\" value=\"«k3j4h5k3j4h5k3j4»\"/>"
=
[apps.x]
mycnf = "[mysqldump]\npassword=«riverboat»\n"
=
[apps.x]
sas = "https://acct.blob.core.windows.net/c?sv=2022-11-02&sig=«k3j4h5k3j4h5k3j4h5k3j4h5»%3D"
=
[apps.x]
otp = "otpauth://totp/x:carol?secret=«JBSWY3DPEHPK3PXP»&issuer=x"
=
[apps.x]
wifi = "WIFI:S:Home;T:WPA;P:«blue kettle»;;"
=
[apps.x]
snmp_community = "«publicnot»"
=
[apps.x]
passcode = "«830214»"
=
[apps.x]
unlock_code = "«zebra-9»"
=
[apps.x]
db = { user = "carol", pw = "«riverboat»" }
=
[apps.x]
aws = { access_key_id = "x", secret_access_key = "«lettersAndNumbers99lettersAndNumbers9900»" }
=
[apps.x]
proxy = "http://carol:«riverboat»@proxy.corp.net:3128"
=
[apps.x]
recent = ["select 1", "alter user carol with password '«riverboat»'"]
=
[apps.x]
recent = ["CREATE USER carol IDENTIFIED BY '«riverboat»'"]
=
[apps.x]
recent = ["AUTH «riverboat»"]
=
[apps.x]
history = ["SET PASSWORD FOR 'carol'@'%' = PASSWORD('«riverboat»')"]
=
[env]
PASSWORT_DATENBANK = "«Apfelmus»"
=
[apps.x]
"mot de passe" = "«chouquette»"
=
[apps.x]
claveSecreta = "«mandioca77»"
=
[apps.x]
"Пароль администратора" = "«берёза»"
=
[apps.x]
"管理员密码" = "«nihao888»"
=
[apps.x]
hasloDoBazy = "«pierogi»"
=
[apps.mail.credentials]
login = "eva"
password = "«snowflake»"
=
[apps.x.auth]
user = "eva"
pw = "«snowflake»"
=
[[apps.k8s.env]]
name = "POSTGRES_PASSWORD"
value = "«driftwood»"
=
[apps.x]
params = [{ key = "api_key", value = "«k39dk20sk2kd»" }]
=
[apps.x]
passphrases = ["«four candles»", "«fork handles»"]
=
[apps.x]
wifi = { ssid = "Home", psk = "«windmill-9»" }
=
[[windows]]
[[windows.panes]]
run = "htpasswd -cb /tmp/h eva «driftwood»"
=
[[windows]]
[[windows.panes]]
run = ["sh", "-c", "echo «driftwood» | sudo -S ls"]
=
[[windows]]
[[windows.panes]]
run = "chpasswd <<< \"eva:«driftwood»\""
=
[[windows]]
[[windows.panes]]
run = "echo '«driftwood»' | cryptsetup luksOpen /dev/sda1 x -"
=
[[windows]]
[[windows.panes]]
run = "printf '«driftwood»\n' | gpg --batch --passphrase-fd 0 -d x"
=
[[windows]]
[[windows.panes]]
run = "mysqldump -h db -u eva --password='«drift wood»' shop"
=
[[windows]]
[[windows.panes]]
run = "mariadb -ueva -p«driftwood» shop"
=
[[windows]]
[[windows.panes]]
run = "curl -su eva:«driftwood» https://h.net"
=
[[windows]]
[[windows.panes]]
run = "curl -X POST -d 'user=eva&password=«driftwood»' https://h.net/login"
=
[[windows]]
[[windows.panes]]
run = "curl -H 'Cookie: PHPSESSID=«u8a9s7d6f5g4h3j2»; lang=en; remember_token=«aa11bb22cc33»' https://h.net"
=
[[windows]]
[[windows.panes]]
run = "http -a eva:«driftwood» GET h.net"
=
[[windows]]
[[windows.panes]]
run = "sshpass -p '«drift wood»' rsync a b"
=
[[windows]]
[[windows.panes]]
run = "xfreerdp /v:h /u:eva /p:«driftwood»"
=
[[windows]]
[[windows.panes]]
run = "docker login -u eva -p «driftwood» ghcr.io"
=
[[windows]]
[[windows.panes]]
run = "kubectl create secret docker-registry r --docker-username=eva --docker-password=«driftwood»"
=
[[windows]]
[[windows.panes]]
run = "az login --service-principal -u id -p «driftwood» --tenant t"
=
[[windows]]
[[windows.panes]]
run = "restic --password-command 'echo «driftwood»' snapshots"
=
[[windows]]
[[windows.panes]]
run = "RESTIC_PASSWORD=«driftwood» restic snapshots"
=
[[windows]]
[[windows.panes]]
run = "ssh-keygen -t ed25519 -N «driftwood» -f k"
=
[[windows]]
[[windows.panes]]
run = "psql \"host=db user=eva password=«driftwood»\""
=
[[windows]]
[[windows.panes]]
run = "sqlcmd -S db -U sa -P «Driftwood1»"
=
[[windows]]
[[windows.panes]]
run = "expect -c \"spawn su; expect Password:; send «driftwood»\\r\""
=
[env]
DSN = "eva:«driftwood»@tcp(db:3306)/shop"
=
[env]
DSN = "sqlserver://sa:«Driftwood1»@db:1433?database=shop"
=
[env]
URL = "jdbc:mysql://db/shop?user=eva&password=«driftwood»"
=
[env]
CONN = "Server=tcp:db,1433;User ID=eva;Password=«driftwood»;Encrypt=True"
=
[env]
KAFKA = "org.apache.kafka.PlainLoginModule required username=\"eva\" password=\"«driftwood»\";"
=
[env]
GITEA_TOKEN = "«abcdefabcdefghijklmn»"
=
[env]
SMTP_PASS = "«driftwood»"
=
[env]
JWT_SECRET = "«supersecretvaluexyz»"
=
[env]
NEXTAUTH_SECRET = "«plainletters»"
=
[apps.x]
netrc = "machine git.h.net\n  login eva\n  password «driftwood»"
=
[apps.x]
pgpass = "*:5432:*:eva:«driftwood»"
=
[apps.x]
text = "[smtp]\nuser=eva\npass=«driftwood»\n"
=
[apps.x]
text = "export API_TOKEN=«abcdefghijklmnopq»\n"
=
[apps.x]
note = "admin password: «Driftw00d»"
=
[apps.x]
note = "The wifi password is «driftwood»."
=
[apps.x]
note = "Das Kennwort ist «Treibholz»"
=
[apps.x]
note = "la contraseña es «maderita9»"
=
# vpn login eva / «Driftw00d»
[apps.x]
a = 1
=
# pin: «4812»
[apps.x]
a = 1
=
[apps.x]
words = "«orbit wealth kitten zebra cactus river lunar velvet solve garden mercy pistol»"
=
[apps.x]
b = "«bXlzcWw6Ly9ldmE6ZHJpZnR3b29kQGRiL3Nob3A=»"
=
[apps.x]
b = "«UE9TVEdSRVNfUEFTU1dPUkQ9ZHJpZnR3b29k»"
=
[apps.x]
h = "Authorization: Basic «ZXZhOmRyaWZ0d29vZA==»"
=
[apps.x]
recent = ["ALTER ROLE eva PASSWORD '«driftwood»'"]
=
[apps.x]
recent = ["GRANT ALL ON *.* TO eva IDENTIFIED BY '«driftwood»'"]
=
[apps.x]
xml = "<password>«driftwood»</password>"
'''
COMMANDS = r"""
NAME=$(pass show db) psql
PGPASSWORD="$(op read op://dev/pg/password)" psql -h db
export DB_PASSWORD=$(gopass show -o prod/db)
DB_PASSWORD=`cat /run/secrets/db` ./serve
grep password= config.ini
grep -r 'password=' src/
rg -n "api_key\s*=" src
git grep -i secret -- '*.py'
ag token lib/
cargo test auth::token
cargo test password_hash::tests::verify -- --nocapture
pytest tests/test_auth.py::TestToken::test_refresh
pytest -k "password and not slow"
npm run test -- --grep "token refresh"
go test ./internal/auth -run TestTokenRefresh
rspec spec/models/password_spec.rb:42
nvim src/auth/token.rs
less /etc/ssh/sshd_config
sudo -S -p '' true < ~/.pw
sudo -u postgres psql
mysql -u root -p
mysql -u root -p sales
mysql --password -u carol
mysql -h db -P 3306 -u carol -p app
psql -h db -U carol -W
ssh -p 2222 carol@box
ssh -i ~/.ssh/id_ed25519 carol@box
scp -P 2222 a b:c
docker run -p 8080:80 nginx
docker run -e POSTGRES_PASSWORD postgres
docker run -e POSTGRES_PASSWORD=$PGPASSWORD postgres
docker login ghcr.io -u carol --password-stdin < ~/.ghtoken
cat ~/token | gh auth login --with-token
echo $TOKEN | docker login -u carol --password-stdin
echo "$PW" | sudo -S true
pass show mail | head -1
passwd carol
pass insert web/github
op item get github --fields password
bw get password github.com
vault kv get -field=password secret/db
vault login -method=ldap
aws secretsmanager get-secret-value --secret-id prod/db
aws sso login --profile prod
gcloud auth print-access-token
kubectl get secret db -o jsonpath='{.data.password}' | base64 -d
kubectl create secret generic db --from-file=password=./pw.txt
kubectl create token default
kubectl describe secrets
helm upgrade x ./c --set existingSecret=db-auth
openssl rand -base64 32
openssl req -new -key k.pem -passin file:pw.txt
openssl enc -d -aes-256-cbc -pass env:PW -in a
openssl passwd -6
ssh-keygen -t ed25519 -N "" -f k
gpg --passphrase-file ~/.pp -d x
age -d -i key.txt x.age
sops -d secrets.yaml
htpasswd -c /etc/nginx/.htpasswd carol
htpasswd -B /etc/nginx/.htpasswd carol
sudo chpasswd < users.txt
sshpass -f ~/.pw ssh box
sshpass -e ssh box
expect login.exp
curl -u carol https://api.corp.net
curl -u "$USER:$TOKEN" https://api.corp.net
curl -n https://api.corp.net
curl -H "Authorization: Bearer $TOKEN" https://api.corp.net
curl -H 'Authorization: Bearer ${TOKEN}' https://api.corp.net
curl -b cookies.txt -c cookies.txt https://api.corp.net
curl -H 'Accept: application/json' https://api.corp.net/v1/tokens
curl https://api.corp.net/login?next=/home
wget --user carol --ask-password https://dl.corp.net/x
http :8000/auth/login username=carol
redis-cli -h cache -p 6379 monitor
redis-cli --askpass
mongosh "mongodb://localhost:27017/app"
rclone config show
restic -r /srv/b --password-file ~/.restic snapshots
borg create --stats ::{now} ~
ansible-playbook site.yml --ask-vault-pass
ansible-vault view secrets.yml
terraform apply -var-file=secrets.tfvars
django-admin changepassword carol
rails credentials:edit
php artisan key:generate
mix phx.gen.secret
flask run --cert=adhoc
nmcli dev wifi connect Home --ask
wpa_supplicant -c /etc/wpa.conf
tail -f /var/log/auth.log
journalctl -u sshd -g 'Failed password'
awk -F: '/password/ {print $2}' f
sed -i 's/^password=.*/password=/' my.cnf
sed -n '/token:/p' config.yml
find . -name '*secret*'
jq -r .access_token resp.json
jq '.auth.token' < f.json
yq '.db.password' values.yaml
make token
make secrets && make deploy
./gradlew test --tests AuthTokenTest
mvn -Dtest=PasswordEncoderTest test
python -m app.auth.tokens
node --inspect src/password-reset.js
ctest -R secret_store
watch -n1 'kubectl get secrets'
htop -p 1234
lsof -i :8080 -P
tar -xzpf a.tgz
mkdir -p secrets/keys
rsync -a --password-file=/etc/rsync.pw a b
git log --author=carol -S password
git log -p -- auth/token.go
git commit -m "fix: token refresh"
git commit -m "password: hash with argon2"
gh secret list
gh auth status
gh auth login
gh secret set DEPLOY_KEY < key.pem
npm token list
npm login
cargo login
pip install passlib==1.7.4
poetry config pypi-token.pypi $PYPI
twine upload dist/*
export GITHUB_TOKEN=$(gh auth token)
export TOKEN=${TOKEN:?}
env -u PGPASSWORD psql
unset AWS_SECRET_ACCESS_KEY
read -s PASSWORD
read -rsp "Password: " PW
printenv GITHUB_TOKEN
echo "enter password:"
echo done | tee log
echo hello | docker exec -i x cat
sudo systemctl restart postgres
cat <<< hello
bc <<< 1+1
snmpwalk -v2c -c $COMMUNITY host
snmpget -v3 -u carol -l authNoPriv host
ldapsearch -x -W -D cn=admin
smbclient -U carol //nas/share
7z x backup.7z
zip -er out.zip d
unzip -P "$ZIPPW" a.zip
lftp sftp://carol@box
sqlplus /nolog
sqlplus scott@ORCL
tmux new -s auth-token
entr -r cargo test secret
watchexec -e rs cargo test token::
fzf --preview 'cat {}'
vim +/password config.py
emacsclient -t auth.el
code --goto src/token.ts:12:4
ls -l ~/.ssh ~/.netrc
stat ~/.pgpass
DB_PASSWORD=$(vault kv get -field=pw secret/db) ./run
export TOKEN="$(cat ~/.token)"
rg -i 'password\s*=' .
grep -n token= .env
ack secret: conf
cargo test secret::store
go test -run TestPassword ./...
pytest tests/test_tokens.py::test_auth
npx jest auth/token.test.ts
mysql -p shop
psql -U eva -h db shop
ssh -N -L 5432:db:5432 eva@h
ssh-keygen -N '' -f k
curl -u eva: https://h
curl -fsSL https://h/install.sh | sh
echo ok | sudo tee /etc/x
cat pw.txt | sudo -S true
docker run -p 5432:5432 -e POSTGRES_USER=eva postgres
docker compose -p shop up
kubectl get secret db -o yaml
kubectl create token eva
vault token lookup
gh auth token | docker login ghcr.io -u eva --password-stdin
pass git push
op run --env-file=.env -- ./x
aws ecr get-login-password | docker login --username AWS --password-stdin x
openssl passwd -1
htpasswd -v f eva
sudo passwd eva
chpasswd < f
sshpass -f f ssh h
expect script.exp
redis-cli -h h ping
mosquitto_sub -t a -p 1883
ldapsearch -x -b dc=h
git log -S 'api_key' --oneline
git commit -am 'rotate token'
vim src/login/password.go
tail -f auth.log
tmux attach -t auth
watch kubectl get pods
make test-auth
bundle exec rspec spec/password_spec.rb
python manage.py changepassword eva
ansible-playbook -K site.yml
sed s/token=.*/token=X/ f
"""
LINES = r"""
password = { secret = "db.password" }
token = { secret = "api.token" }
API_TOKEN = "${API_TOKEN}"
DB_PASSWORD = "$DB_PASSWORD"
DB_PASS = "env:DB_PASS"
GITHUB_TOKEN = "op://dev/github/token"
API_KEY = "<your key>"
SECRET_KEY = "changeme"
SMTP_PASSWORD = ""
PASSWORD = "********"
MYSQL_PWD = "{{ mysql_pwd }}"
AWS_SECRET_ACCESS_KEY = "%AWS_SECRET%"
password_file = "/run/secrets/db"
PASSWORD_FILE = "/etc/pw"
password_command = "pass show db"
passwordCommand = "secret-tool lookup a b"
token_url = "https://auth.corp.net/oauth/token"
token_endpoint = "/oauth/token"
max_tokens = 4096
tokens_per_second = 50
token_type = "bearer"
secret_name = "prod-db"
secret_ref = "prod/db"
secretName = "prod-db"
auth_method = "password"
auth = "none"
auth_type = "oauth2"
login_shell = "/bin/zsh"
login = "carol"
login_timeout = 30
passthrough = true
pass_env = ["HOME", "PATH"]
compass = "north"
bypass = "localhost,127.0.0.1"
keyboard = "us"
key = "id"
keys = ["id", "name"]
keymap = "vim"
monkey = "banana"
public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx3k2j4h5k3j4h5k3j4h5k3j4h5k3j4h5k3j4h5k3j4 carol@box"
recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
fingerprint = "SHA256:jk3h4k5jh34k5jh34k5jh34k5jh34k5jh34k5jh34k5"
commit = "9fceb02d0ae598e95dc970b74767f19372d61af8"
rev = "4b825dc"
checksum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
id2 = "123e4567-e89b-12d3-a456-426614174000"
layout = "5f6d,190x47,0,0{95x47,0,0,1,94x47,96,0,2}"
etag = "33a64df551425fcc55e4d42a148795d9f25f89d4"
integrity = "sha512-k3j4h5k3j4h5k3j4h5k3j4h5k3j4h5k3j4h5k3j4h5k3j4h5k3j4h5k3j4h5=="
url = "https://example.org/reset-password?step=2"
url = "postgres://localhost/app"
url = "postgres://app@localhost/app"
url = "postgres://app:${PGPASSWORD}@localhost/app"
url = "postgresql:///app?host=/run/postgresql"
dsn = "host=localhost user=app dbname=app"
dsn = "app@tcp(127.0.0.1:3306)/app"
dsn = "app@unix(/tmp/mysql.sock)/app?parseTime=true"
jdbc = "jdbc:postgresql://localhost:5432/app"
jdbc = "jdbc:h2:mem:testdb"
odbc = "Driver={ODBC Driver 17};Server=db;Trusted_Connection=yes"
mongo = "mongodb+srv://cluster0.abcd.mongodb.net/app?retryWrites=true"
redis = "redis://localhost:6379/0"
sentry = "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/42"
ssh_url = "git@github.com:x/y.git"
ssh_url = "ssh://git@github.com:22/x/y.git"
pip = "git+https://github.com/x/y@v1.2.3#egg=y"
image = "ghcr.io/x/y@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
notes = "the password is in the vault"
notes = "ask Ines for the password"
notes = "password: see 1Password"
notes = "token refresh is broken since Tuesday"
notes = "rotate the API key before Friday"
notes = "the secret is to stir it slowly"
notes = "PIN the version to 1.2"
notes = "reset password flow: email -> link -> form"
notes = "login as carol / see wiki"
todo = "write tests for password reset"
title = "Secrets of the deep"
title = "Pass the salt"
title = "Auth & tokens: a guide"
description = "Password hashing with argon2"
prompt = "Password: "
placeholder = "Enter your password"
regex = "(?i)password\\s*=\\s*\\S+"
pattern = "^token:[a-z]+$"
glob = "**/secrets/*.yaml"
ignore = ["*.pem", "secrets.toml", "*.key"]
files = ["src/auth/token.rs", "src/auth/password.rs"]
recent = ["select * from tokens", "select password_hash from users limit 1"]
recent = ["alter table users add column password text"]
recent = ["GRANT SELECT ON t TO carol"]
recent = ["AUTH LOGIN", "HELP AUTH"]
search = ["password", "token", "secret"]
find_history = ["def token(", "password ="]
tags = ["auth", "secrets", "keys"]
words = "the quick brown fox jumps over the lazy dog and then runs away home"
lorem = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor"
motto = "about above absent the winner takes it all"
theme = "token-dark"
color = "#a1b2c3"
font = "Iosevka Term SS04"
version = "1.2.3-beta.4+build.5"
date = "2026-11-29T02:00:00Z"
host = "token-service.corp.net"
host = "db:5432"
user = "password-bot"
name = "credentials"
branch = "feature/token-rotation"
class = "auth::token::Refresh"
module = "app.auth.tokens"
event = "password.reset"
event = "user:login:failed"
cron = "*/5 * * * *"
mac = "00:1a:2b:3c:4d:5e"
ipv6 = "fe80::1ff:fe23:4567:890a"
port_map = "5432:5432"
time = "12:34:56"
ratio = "16:9"
csp = "default-src 'self'; script-src 'nonce-abc'"
accept = "Accept: application/json; q=0.9"
headers = { "Content-Type" = "application/json" }
headers = { Cookie = "$COOKIE" }
headers = ["X-Request-Id: 123e4567-e89b-12d3-a456-426614174000"]
cookie_name = "sessionid"
cookie_jar = "~/.cookies.txt"
cookies = true
session_id = "3f0d8c2e-6d1f-4c1e-9a53-0f2f7f0c4a11"
access_key = "ctrl+k"
shortcut = "Ctrl+Shift+P"
env_file = ".env"
secrets_dir = "~/secrets"
use_keyring = true
credential_helper = "osxkeychain"
credentials_file = "~/.aws/credentials"
identity = "~/.ssh/id_ed25519"
certificate = "/etc/ssl/certs/x.pem"
b64 = "aGVsbG8gd29ybGQ="
b64 = "eyJuYW1lIjoiYXBpIiwicG9ydCI6ODB9"
hex = "48656c6c6f20776f726c64"
vars = [{ name = "LOG_LEVEL", value = "debug" }, { name = "PASSWORD_FILE", value = "/run/pw" }]
env2 = [{ name = "DB_PASSWORD", value = "$DB_PASSWORD" }]
entry = { name = "token", value = "ident" }
passive = "yes"
passed = 12
passes = ["dce", "inline"]
pinned = ["a", "b"]
spinner = "dots"
author = "Ada"
authority = "ca.corp.net"
authors = ["Ada", "Bob"]
clave = "violin"
parole_text = "song"
sena = "x"
password = { secret = "a.b" }
TOKEN = "${CI_TOKEN}"
SECRET_FILE = "/run/secrets/x"
passwordHint = "pet name"
password_policy = "strict"
password_rotation_days = 90
passwordless = true
token_name = "ci"
tokenizer = "cl100k_base"
auth_url = "https://h/auth"
auth_provider = "github"
login_user = "eva"
secretary = "Bob"
keyboard_layout = "de"
sort_key = "customer"
ssh_key = "~/.ssh/id_rsa"
gpg_key = "0xDEADBEEFDEADBEEF"
url = "https://h/?page=2&token_type=bearer"
dsn = "postgres://eva@db/shop"
dsn = "eva@tcp(db:3306)/shop"
git = "git@h:eva/x.git"
image = "redis:7@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
rev = "d670460b4b4aece5915caf5c68d12f560a9fe3e4"
note = "password reset is broken"
note = "the token was rotated yesterday"
note = "login page needs work"
note = "ask the admin for a password"
note = "passwords are stored in the vault"
title = "Cookie recipes: oats; sugar"
cookie_domain = ".h.net"
headers = { Accept = "a/b", "X-Trace" = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" }
recent = ["select count(*) from tokens where expired"]
tags = ["password", "auth", "secret"]
lorem = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda omicron"
b64 = "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVy"
layout = "b25d,208x55,0,0,2"
version = "v1.2.3"
vars = [{ name = "TOKEN_URL", value = "https://h" }]
pass_count = 3
bypass = "10.0.0.0/8"
pin_version = "1.2"
code = "E501"
seed = 42
salt_path = "/etc/salt"
"""
TABLES = r'''
[credentials]
user = "carol"
type = "oauth2"
store = "keyring"
helper = "pass"
=
[login]
shell = "/bin/bash"
user = "carol"
timeout = 30
=
[auth]
method = "oidc"
issuer = "https://auth.corp.net"
client_id = "app"
scopes = ["openid", "email"]
=
[apps.x]
netrc = "machine api.corp.net login carol password $TOKEN"
=
[apps.x]
conf = """
[client]
user = carol
host = db
"""
=
[apps.x]
snippet = """
def check(password: str) -> bool:
    token = make_token(user)
    return verify(password, user.password_hash)
"""
=
[apps.x]
snippet = """
const token = await getToken();
if (!token) throw new Error('no token');
"""
=
# how to get a token: run `gh auth token`
# password rotation happens every 90 days
# see https://wiki.corp.net/passwords for more
# the token expires after an hour
[apps.x]
a = 1  # password lives in the sidecar
=
[credentials]
user = "eva"
helper = "osxkeychain"
=
[auth]
type = "basic"
realm = "x"
=
# the password is asked for at start
# token: see the wiki
[apps.x]
a = 1
'''
