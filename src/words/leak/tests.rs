//! One table of texts that hold secrets, with the secret in `⟦…⟧`, and one of texts that hold none. `~20` stands for
//! twenty letters and digits, `#32` for hexadecimal digits, `^16` for upper-case ones: what looks like a token of
//! somebody would be taken for one by other scanners.

use super::{leak_under, leaks};

/// A text whose stand-ins are filled, and the secrets that are marked in it.
fn filled(written: &str) -> (String, Vec<String>) {
    let (mut text, mut marked, mut open) = (String::new(), Vec::new(), None);
    let mut characters = written.chars().peekable();
    while let Some(c) = characters.next() {
        let alphabet: &[u8] = match c {
            '~' => b"q7Rk2XwZb9LmT4vNc8HsJ3dYfG6pKtA5eUiW1oQxBzDgErM0",
            '#' => b"3f9a1c7e5b2d8046",
            '^' => b"Q7RK2XWZB9LMT4VNC8HSJ3DYFG6PKTA5EUIW1OXD",
            '⟦' => {
                open = Some(text.len());
                continue;
            }
            '⟧' => {
                marked.extend(open.take().and_then(|start| text.get(start..)).map(str::to_owned));
                continue;
            }
            _ => {
                text.push(c);
                continue;
            }
        };
        let mut digits = String::new();
        while let Some(digit) = characters.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        match digits.parse::<usize>() {
            Ok(count) => text.extend(alphabet.iter().cycle().take(count).map(|byte| char::from(*byte))),
            Err(_) => text.push(c),
        }
    }
    (text, marked)
}

#[test]
fn what_is_a_secret_is_found_where_it_is() {
    let mut wrong = Vec::new();
    for written in SECRETS {
        let (text, marked) = filled(written);
        let found: Vec<_> = leaks(&text)
            .into_iter()
            .map(|secret| text.get(secret.range).unwrap_or_default().to_owned())
            .collect();
        if found != marked {
            wrong.push(format!("{text}\n  found {found:?}, marked {marked:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_none_is_left_alone() {
    let mut wrong = Vec::new();
    for written in OTHERS {
        let (text, _) = filled(written);
        let found = leaks(&text);
        if !found.is_empty() {
            wrong.push(format!("{text}\n  found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn keys_of_documents_say_what_their_values_are() {
    for (key, value, holds) in [
        ("MasterUserPassword", "hunter2", true),
        ("MasterUserPassword", "correct horse battery staple", true),
        ("SecretString", r#"{"username": "admin", "password": "x1"}"#, true),
        ("AuthToken", "aLongEnoughToken16", true),
        ("PrivateKey", "c2VjcmV0IGtleSBvZiBubyBvbmUgYXQgYWxs", true),
        ("DB_PASSWORD", "12345678", true),
        ("dbPass", "hunter2", true),
        ("DD_API_KEY", "3f9a1c7e5b2d80463f9a1c7e5b2d8046", true),
        ("HEROKU_API_KEY", "01234567-89ab-cdef-0123-456789abcdef", true),
        ("GITEA_TOKEN", "3f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e", true),
        ("MasterUserPassword", "{{resolve:secretsmanager:db:SecretString:password}}", false),
        ("DB_PASSWORD", "/idhub-40/web/password", false),
        ("Password", "none", false),
        ("Password", "String", false),
        ("PasswordPolicy", "strict-and-long-1", false),
        ("password", "At least 8 characters", false),
        ("secret", "ops/pagerduty", false),
        ("secret", "pagerduty-key-1", false),
        ("PagerDutySecret", "ops/pagerduty", false),
        ("HttpTokens", "required", false),
        ("NextToken", "3f9a1c7e5b2d80463f9a1c7e5b2d8046", false),
        ("compass", "north-east-5", false),
        ("KmsMasterKeyId", "alias/aws/sns", false),
    ] {
        assert_eq!(leak_under(key, value).is_some(), holds, "{key}: {value}");
    }
}

#[test]
fn the_cost_is_that_of_the_text() {
    for part in [
        "password=",
        "://a:",
        "curl -u ",
        "-----BEGIN ",
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJ",
        "\\\n",
        "mysql -p",
        "login x ",
        "ghp_",
        "password: '",
        "echo a|",
    ] {
        let text = part.repeat(60_000 / part.len());
        let found = leaks(&text);
        assert!(found.len() <= text.len(), "{part}");
    }
}

const SECRETS: &[&str] = &[
    // what vendors give out
    "export KEY=⟦AKIAIOSFODNN7EXAMPLE⟧",
    "id=⟦ASIA^16⟧",
    "⟦AKIA^16:~40⟧",
    "aws_secret_access_key = ⟦~40⟧",
    "AWS_SECRET_ACCESS_KEY=⟦~40⟧",
    "AWS_SESSION_TOKEN=⟦IQoJb3JpZ2luX2Vj~60⟧",
    "aws configure set aws_secret_access_key ⟦~40⟧ --profile x",
    "git clone https://⟦ghp_~36⟧@github.com/a/b",
    "⟦github_pat_~22_~59⟧",
    "token ⟦gho_~36⟧, ⟦ghs_~36⟧",
    "⟦glpat-~20⟧",
    "⟦glpat-~27.01.~9⟧",
    "⟦xoxb-1234567890-1234567890-~24⟧",
    "⟦xoxb-1234567890-abc⟧",
    "⟦xapp-1-A0123-456789-#32⟧",
    "Hook: ⟦https://hooks.slack.com/services/T00000000/B00000000/EXAMPLE⟧",
    "⟦https://hooks.slack.com/workflows/T00/A00/1234/~20⟧",
    "⟦https://discord.com/api/webhooks/123456/~20⟧",
    "⟦https://events.pagerduty.com/integration/~32/enqueue⟧",
    "⟦https://example.webhook.office.com/webhookb2/#32@#32/IncomingWebhook/#32⟧",
    "⟦https://chat.googleapis.com/v1/spaces/AAAA/messages?key=AIza~35&token=x⟧",
    "⟦sk_live_~24⟧",
    "⟦rk_live_~24⟧",
    "⟦whsec_~32⟧",
    "key: ⟦AIza~35⟧",
    "⟦GOCSPX-~28⟧",
    "⟦ya29.~60⟧",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=⟦~86==⟧;EndpointSuffix=core.windows.net",
    "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=⟦~43=⟧",
    "https://a.blob.core.windows.net/c?sv=2024&sig=⟦~43%3D⟧",
    "AZURE=⟦abc8Q~~34⟧ ",
    "https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=⟦#64⟧",
    "sid ⟦SK#32⟧",
    "⟦SG.~22.~43⟧",
    "⟦key-#32⟧",
    "⟦#32-us12⟧",
    "⟦xkeysib-#64-~16⟧",
    "//registry.npmjs.org/:_authToken=⟦npm_~36⟧",
    "⟦pypi-AgEIcHlwaS5vcmc~60⟧",
    "⟦rubygems_#48⟧",
    "⟦dckr_pat_~27⟧",
    "⟦sk-ant-api03-~80⟧",
    "⟦sk-proj-~48⟧",
    "OPENAI_API_KEY=⟦sk-~48⟧",
    "⟦hf_~34⟧",
    "⟦gsk_~52⟧",
    "⟦NRAK-^27⟧",
    "⟦#36NRAL⟧",
    "DD_API_KEY=⟦#32⟧",
    "DD_APP_KEY: ⟦#40⟧",
    "⟦glsa_~32_#8⟧",
    "⟦sntrys_~60⟧",
    "⟦dt0c01.^24.^64⟧",
    "⟦hvs.~24⟧",
    "⟦~14.atlasv1.~60⟧",
    "HEROKU_API_KEY=⟦01234567-89ab-cdef-0123-456789abcdef⟧",
    "⟦HRKU-~36⟧",
    "⟦dop_v1_#64⟧",
    "⟦pul-#40⟧",
    "⟦dp.pt.~43⟧",
    "⟦tskey-auth-~12-~30⟧",
    "⟦dapi#32⟧",
    "⟦shpat_#32⟧",
    "⟦lin_api_~40⟧",
    "⟦ATATT3~100⟧",
    "⟦ATBB~32⟧",
    "⟦123456789:AA~33⟧",
    "GITEA_TOKEN=⟦#40⟧",
    "⟦eyJ~20.eyJ~40.~43⟧",
    "⟦AGE-SECRET-KEY-1^58⟧",
    "root:⟦$6$~16$~86⟧:19000:0:99999:7:::",
    "useradd -p '⟦$2y$10$~53⟧' app",
    // private keys
    "⟦-----BEGIN RSA PRIVATE KEY-----⟧",
    "a\n⟦-----BEGIN OPENSSH PRIVATE KEY-----\n~64\n~20==\n-----END OPENSSH PRIVATE KEY-----⟧\nb",
    "⟦-----BEGIN ENCRYPTED PRIVATE KEY-----\n~64\n~64⟧",
    "⟦-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,#32\n\n~64\n-----END EC PRIVATE KEY-----⟧",
    "⟦-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n~64\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----⟧",
    r#"{"private_key": "⟦-----BEGIN PRIVATE KEY-----\n~64\n-----END PRIVATE KEY-----⟧\n"}"#,
    // places
    "jdbc:mysql://app:⟦hunter22⟧@db.internal/app",
    "postgres://user:⟦pass⟧@db.internal:5432/app",
    "redis://:⟦hunter2⟧@cache:6379",
    "mongodb+srv://app:⟦p%40ss⟧@cluster0.example.net/x?retryWrites=true",
    "one https://www.example.com/ two amqp://a:⟦bcd⟧@mq/ three ftp://x:⟦yz⟧@h",
    "postgres://user:⟦pa/ss⟧@db/app",
    "jdbc:postgresql://db/app?user=app&password=⟦hunter2⟧&ssl=true",
    "Server=db;Database=app;User Id=sa;Password=⟦hunter2⟧;Encrypt=true",
    "curl -H 'Authorization: Bearer ⟦hunter2hunter2⟧' https://x",
    "-H \"Authorization: Basic ⟦dXNlcjpwYXNz⟧\"",
    "Authorization: token ⟦#40⟧",
    "headers = { \"Authorization\": \"Bearer ⟦abcdef123456⟧\" }",
    "X-Api-Key: ⟦hunter2hunter2⟧",
    "curl -sSf -u user:⟦pass⟧ https://repo.example.com/a.rpm -o a.rpm",
    "curl --user 'user:⟦p@ss!word⟧' https://x",
    "curl \\\n  -s \\\n  -u user:⟦pass⟧ \\\n  https://x",
    "wget --user=u --password=⟦hunter2⟧ https://x",
    "mysql -h db -u root -p⟦S3cret⟧ app",
    "sshpass -p ⟦hunter2⟧ ssh x",
    "redis-cli -h cache -a ⟦hunter2⟧ ping",
    "openssl enc -d -aes-256-cbc -pass pass:⟦hunter2⟧ -in x",
    "docker login -u bot -p ⟦hunter2⟧ registry.example.com",
    "echo '⟦hunter2⟧' | docker login -u bot --password-stdin registry",
    "echo \"ec2-user:⟦hunter2⟧\" | chpasswd",
    "chpasswd <<< 'root:⟦hunter2⟧'",
    "echo ⟦hunter2⟧ | passwd --stdin app",
    "keytool -importcert -storepass ⟦hunter2⟧ -keystore x",
    "psql --password ⟦hunter2⟧",
    "aws rds modify-db-instance --master-user-password ⟦hunter22⟧ --apply-immediately",
    "aws secretsmanager put-secret-value --secret-id x --secret-string '⟦hunter2⟧'",
    "CREATE USER 'app'@'%' IDENTIFIED BY '⟦hunter2⟧';",
    "ALTER ROLE app WITH LOGIN PASSWORD '⟦hunter2⟧';",
    "machine git.example.com login bot password ⟦hunter2⟧",
    "db.internal:5432:app:app:⟦hunter2⟧",
    "<password>⟦hunter2⟧</password>",
    "<property name=\"db.password\" value=\"⟦hunter2⟧\"/>",
    "<Resource name=\"jdbc/app\" username=\"app\" password=\"⟦hunter2⟧\"/>",
    "ConvertTo-SecureString \"⟦hunter2⟧\" -AsPlainText -Force",
    // names
    "export DB_PASSWORD=⟦hunter2⟧",
    "export DB_PASSWORD='⟦correct horse battery staple⟧'",
    "DB_PASS=⟦hunter2⟧ ./run.sh",
    "PGPASSWORD=\"⟦hunter2⟧\" psql",
    "spring.datasource.password=⟦hunter2⟧",
    "\"password\": \"⟦hunter2⟧\",",
    r#"--secret-string "{\"username\":\"a\",\"password\":\"⟦hunter2⟧\"}""#,
    "  password: ⟦hunter2⟧  # of the database",
    "password = \"⟦hunter2⟧\"",
    "clientSecret: '⟦hunter2hunter2⟧'",
    "SECRET_KEY_BASE_SECRET=⟦#64⟧",
    "PrivateKey = ⟦~43=⟧",
    "config['db_password'] = '⟦hunter2⟧';",
    "Environment=\"APP_PASSWORD=⟦hunter2⟧\"",
    "# password: ⟦hunter2⟧",
];

const OTHERS: &[&str] = &[
    // identifiers that are no secrets
    "MAKIATO and AKIA alone",
    "AROA^16 AIDA^16 AC#32",
    "arn:aws:secretsmanager:ap-northeast-1:444455556666:secret:idhub/db-AbCdEf",
    "arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f0c9e-5e0a-4c5b-bb55-1c2f4b7b9e03",
    "ami-0a3c5e7f9b1d20461 vpc-0f1e2d3c4b5a69780 sg-0a1b2c3d",
    "sha256:#64",
    "commit #40",
    "pk_live_~24",
    "task-runner-for-all-of-them sk-learn-is-a-library-for-python",
    "ghp_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
    "AKIAXXXXXXXXXXXXXXXX",
    "-----BEGIN PUBLIC KEY-----\n~64\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\n~64\n-----END CERTIFICATE-----",
    "grep -q -- '-----BEGIN RSA PRIVATE KEY-----' /etc/pki/key.pem",
    "ssh-rsa ~200 ops@example.co.jp",
    "age1#58",
    // URLs
    "https://${user}:${password}@host/",
    "https://user:$TOKEN@github.com/a/b",
    "https://user:<password>@host",
    "postgres://app:{{ password }}@db/app",
    "https://www.example.co.jp/@someone:else",
    "https://user@bitbucket.org/a/b.git",
    "http://169.254.169.254/latest/meta-data http://[::1]:8080/",
    "s3://idhub-artifacts/web-1.6.war",
    "git@github.com:a/b.git ops@example.co.jp",
    // references
    "/idhub-40/web/password",
    "password: '{{resolve:secretsmanager:idhub/db:SecretString:password}}'",
    "MasterUserPassword: !Ref Password",
    "MasterUserPassword: !Sub '{{resolve:secretsmanager:${Secret}:SecretString:password}}'",
    "export DB_PASSWORD=$(aws ssm get-parameter --name /app/db --with-decryption --query Parameter.Value --output text)",
    "export DB_PASSWORD=`cat /run/secrets/db`",
    "export DB_PASSWORD=\"$DB_PASSWORD\"",
    "DB_PASSWORD=${DB_PASSWORD:?}",
    "DB_PASSWORD=/run/secrets/db",
    "PASSWORD_FILE=/run/secrets/db",
    "password = os.environ[\"DB_PASSWORD\"]",
    "password = getpass.getpass()",
    "password: process.env.DB_PASSWORD",
    "password = var.db_password",
    "password: db_password",
    "TOKEN=$(curl -sX PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60')",
    "curl -H \"X-aws-ec2-metadata-token: $TOKEN\" http://169.254.169.254/latest/meta-data/",
    "curl -H \"Authorization: Bearer $TOKEN\" https://x",
    "curl -H \"Authorization: Bearer ${TOKEN}\" https://x",
    "Authorization: Bearer <token>",
    "Authorization: Bearer YOUR_TOKEN",
    "curl -u \"$USER:$PASSWORD\" https://x",
    "curl -u user: https://x",
    "curl -sSf https://x -o /dev/null; docker run -u 1000:1000 image",
    "docker run --user root:root image",
    "mysql -h db -u root -p \"$DB\"",
    "mysql -u root -p$PASSWORD app",
    "mysql --port 3306 -P3306",
    "sshpass -e ssh x",
    "echo \"$PASSWORD\" | docker login -u bot --password-stdin registry",
    "aws ecr get-login-password | docker login --username AWS --password-stdin 444455556666.dkr.ecr.ap-northeast-1.amazonaws.com",
    "openssl rsa -passin env:PASS -in x",
    "aws secretsmanager get-secret-value --secret-id idhub-40/web/db --query SecretString --output text",
    "psql --password --username app",
    // words and placeholders
    "password: changeme",
    "DB_PASSWORD=<password>",
    "DB_PASSWORD=your-password",
    "DB_PASSWORD=xxxxxxxx",
    "DB_PASSWORD=********",
    "DB_PASSWORD=",
    "password: null",
    "password: string",
    "Password: { Type: String, NoEcho: true }",
    "password: ask the operators",
    "# the password: rotated nightly by Secrets Manager",
    "PasswordAuthentication no",
    "PermitRootLogin prohibit-password",
    "passwordLength: 32, RequireSymbols: true",
    "HttpTokens: required",
    "pagerduty: { secret: ops/pagerduty }",
    "secrets: [idhub-40/web/*]",
    "PagerDutySecret: ops/pagerduty",
    "SecretId: idhub-40/web/db-1",
    "GenerateSecretString: { PasswordLength: 32, ExcludeCharacters: '\"@/' }",
    "KmsMasterKeyId: alias/aws/sns",
    "ClientToken: 01234567-89ab-cdef-0123-456789abcdef",
    "NextToken: ~40",
    "author: Hunter2AndFriends2026",
    "compass: north",
    "if [ \"$PASSWORD\" = \"\" ]; then",
    "PWD=/opt/app",
    "cd \"$OLDPWD\"",
    "passwd: files sss",
    "tokens: 1000",
    "proxy_pass http://127.0.0.1:8080;",
    "fastcgi_pass unix:/run/php.sock;",
    "auth required pam_unix.so",
    "auth_basic \"Closed site\";",
];
