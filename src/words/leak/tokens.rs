//! Tokens whose form says what they are. Forms are those that the vendors publish for scanners; lengths are the least
//! that were ever given out, or less where the beginning leaves no doubt.

use super::rows::{Judge, Row};

const fn token(what: &'static str, signs: &'static [&'static str], pattern: &'static str) -> Row {
    Row { what, signs, pattern, judge: Judge::Form }
}

pub(super) const ROWS: &[Row] = &[
    token(
        "an access key of AWS",
        &["akia", "asia", "abia", "acca"],
        r"(?:^|(?u:[^A-Za-z0-9]))((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16,}(?:[\s:,;|/'\x22]{1,4}[A-Za-z0-9/+]{40}\b)?)",
    ),
    token(
        "a session token of AWS",
        &["fwogzxivyxdz", "iqojb3jpz2lux2vj"],
        r"\b(?:FwoGZXIvYXdz|IQoJb3JpZ2luX2Vj)[A-Za-z0-9/+=]{40,}",
    ),
    token(
        "an API key of AWS",
        &["absk", "bedrock-api-key-"],
        r"\b(?:ABSK[A-Za-z0-9+/=]{80,}|bedrock-api-key-[A-Za-z0-9+/=]{40,})",
    ),
    token(
        "a token of GitHub",
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
        r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})",
    ),
    token(
        "a token of GitLab",
        &[
            "glpat-",
            "gldt-",
            "glrt-",
            "glcbt-",
            "glptt-",
            "glft-",
            "glsoat-",
            "glagent-",
            "gloas-",
            "glimt-",
            "glffct-",
            "gr1348941",
        ],
        r"\b(?:gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas|imt|ffct)-[A-Za-z0-9_.-]{16,}|GR1348941[A-Za-z0-9_-]{20,})",
    ),
    token(
        "a token of Slack",
        &["xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"],
        r"\b(?:xox[abcdeoprs](?:\.xox[bp])?-[A-Za-z0-9%-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{16,})",
    ),
    token(
        "an incoming webhook",
        &[
            "hooks.slack.com",
            "discord.com/api/",
            "discordapp.com/api/",
            "events.pagerduty.com/integration/",
            "webhook.office.com",
            "outlook.office.com/webhook",
            "chat.googleapis.com",
            "hooks.zapier.com",
            "hook.integromat.com",
            "hooks.chatwork",
        ],
        concat!(
            r"\bhttps://(?:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[\w/+-]{10,}",
            r"|(?:\w+\.)?discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[\w/-]{10,}",
            r"|events\.pagerduty\.com/integration/\w{10,}[\w/-]*",
            r"|[\w-]+\.webhook\.office\.com/webhookb2/[\w@/-]{10,}|outlook\.office\.com/webhook/[\w@/-]{10,}",
            r"|chat\.googleapis\.com/v1/spaces/[\w-]+/messages\?[!#-&(-~]{10,}",
            r"|hooks\.zapier\.com/hooks/catch/[\w/-]{8,}|hook\.integromat\.com/\w{10,})",
        ),
    ),
    token(
        "a token of Stripe",
        &["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"],
        r"\b(?:[sr]k_(?:live|test)_\w{10,}|whsec_[A-Za-z0-9+/=]{20,})",
    ),
    token(
        "a key of Google",
        &["aiza", "gocspx-", "ya29.", "1//0"],
        r"\b(?:AIza[\w-]{30,}|GOCSPX-[\w-]{20,}|ya29\.[\w-]{20,}|1//0[\w-]{40,})",
    ),
    token(
        "a key of Azure",
        &["accountkey=", "sharedaccesskey=", "sharedaccesssignature"],
        r"(?i)\b(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{20,}=*)|SharedAccessSignature (sr=[!-~]{20,})",
    ),
    token(
        "a signature in a URL",
        &["sig=", "x-amz-signature="],
        r"(?i)[?&](?:sig|X-Amz-Signature)=([A-Za-z0-9%+/]{20,}=*)",
    ),
    token(
        "a secret of Azure",
        &["q~"],
        r"(?:^|(?u:[^\w~.-]))([\w~.-]{3}[0-9]Q~[\w~.-]{31,34})(?:$|(?u:[^\w~.-]))",
    ),
    token("a key of Twilio", &["sk"], r"\bSK[0-9a-f]{32}\b"),
    token("a key of SendGrid", &["sg."], r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    token(
        "a key of a mail service",
        &["key-", "-us", "xkeysib-", "xsmtpsib-"],
        r"\b(?:key-[0-9a-f]{32}|[0-9a-f]{32}-us[0-9]{1,2}|x(?:keysib|smtpsib)-[0-9a-f]{40,}[\w-]*)\b",
    ),
    token(
        "a token of a package registry",
        &["npm_", "pypi-age", "rubygems_", "oy2", "cio", "akcp", "cmvmdgtu"],
        concat!(
            r"\b(?:npm_[A-Za-z0-9]{30,}|pypi-AgE[\w-]{16,}|rubygems_[0-9a-f]{40,}|oy2[a-z0-9]{43}|cio[A-Za-z0-9]{32}",
            r"|AKCp[A-Za-z0-9]{50,}|cmVmdGtu[A-Za-z0-9]{40,})\b",
        ),
    ),
    token("a token of Docker Hub", &["dckr_pat_", "dckr_oat_"], r"\bdckr_[po]at_[\w-]{16,}"),
    token("a key of Anthropic", &["sk-ant-"], r"\bsk-ant-[\w-]{16,}"),
    token(
        "a key of OpenAI",
        &["sk-"],
        r"\bsk-(?:(?:proj|svcacct|admin|None|or-v1)-[\w-]{20,}|[A-Za-z0-9]{32,})",
    ),
    token(
        "a key of a model service",
        &["hf_", "r8_", "gsk_", "xai-", "pplx-"],
        r"\b(?:hf_[A-Za-z0-9]{30,}|r8_[A-Za-z0-9]{30,}|gsk_[A-Za-z0-9]{40,}|xai-[A-Za-z0-9]{60,}|pplx-[A-Za-z0-9]{40,})",
    ),
    token(
        "a key of New Relic",
        &["nrak-", "nrii-", "nriq-", "nrsp-", "nral"],
        r"\b(?:NR(?:AK|II|IQ|SP)-[\w-]{16,}|[0-9a-zA-Z]{32,}NRAL)\b",
    ),
    token(
        "a token of a monitoring service",
        &[
            "sntrys_", "sntryu_", "glc_", "glsa_", "dt0", "phx_", "hcaik_", "pmak-", "squ_", "sqp_", "sqa_",
            "ddpat_", "ddapp_",
        ],
        concat!(
            r"\b(?:sntry[su]_[A-Za-z0-9+/=_-]{40,}|glc_[A-Za-z0-9+/=]{32,}|glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}",
            r"|dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}|phx_[A-Za-z0-9]{32,}|hcaik_\w{40,}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}",
            r"|sq[upa]_[0-9a-f]{40}|dd(?:pat|app)_[A-Za-z0-9]{30,})",
        ),
    ),
    token("a token of Vault", &["hvs.", "hvb.", "hvr."], r"\bhv[sbr]\.[\w-]{16,}"),
    token("a token of Terraform Cloud", &[".atlasv1."], r"\b[A-Za-z0-9]{10,}\.atlasv1\.[\w=-]{20,}"),
    token(
        "a token of a cloud service",
        &[
            "hrku-",
            "dop_v1_",
            "doo_v1_",
            "dor_v1_",
            "pul-",
            "dp.",
            "fm1_",
            "fm2_",
            "fo1_",
            "nfp_",
            "sbp_",
            "sb_secret_",
            "pscale_",
            "dapi",
            "tskey-",
            "v1.0-",
            "cfat_",
            "cfut_",
            "lin_api_",
            "ntn_",
            "figd_",
            "shpat_",
            "shpca_",
            "shppa_",
            "shpss_",
            "sq0",
            "ops_eyj",
            "tfe_",
        ],
        concat!(
            r"\b(?:HRKU-[\w-]{30,}|do[opr]_v1_[0-9a-f]{40,}|pul-[0-9a-f]{40}|dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{30,}",
            r"|f(?:m[12]|o1)_[A-Za-z0-9+/=_,-]{40,}|nfp_[A-Za-z0-9]{30,}|sbp_[0-9a-f]{40}|sb_secret_[\w-]{20,}",
            r"|pscale_(?:tkn|pw|oauth)_[\w.=-]{30,}|dapi[0-9a-f]{32}|tskey-[a-z]+-[\w-]{10,}|v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}",
            r"|cf[au]t_[\w-]{30,}|lin_api_[A-Za-z0-9]{30,}|ntn_[A-Za-z0-9]{40,}|figd_[\w-]{30,}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
            r"|sq0(?:atp|csp)-[\w-]{20,}|ops_eyJ[\w-]{40,}|tfe_[\w-]{30,})",
        ),
    ),
    token(
        "a token of Atlassian",
        &["atatt3", "atctt3", "atbb"],
        r"\b(?:AT[AC]TT3[\w=-]{30,}|ATBB[A-Za-z0-9]{20,}[\w=-]*)",
    ),
    token(
        "a token of CI",
        &["bkua_", "bkpat_", "ccipat_", "ccitok_"],
        r"\b(?:bk(?:ua|pat)_[0-9a-f]{30,}|CCI(?:PAT|TOK)_\w{30,})",
    ),
    token("a token of Telegram", &[":aa"], r"\b[0-9]{8,10}:AA[\w-]{33}\b"),
    token("a token", &["eyj"], r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    token("a secret key of age", &["age-secret-key-"], r"(?i)\bAGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{40,}"),
    token("a private key", &["putty-user-key-file"], r"(?i)\bPuTTY-User-Key-File-[0-9]: [!-~]+"),
    token("a token of Kubernetes", &["k10"], r"\bK10[0-9a-f]{64}::[\w:.-]{10,}"),
    token(
        "a password's hash",
        &["$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$7$", "$y$", "$argon2"],
        r"\$(?:1|2[aby]|5|6|7|y|argon2(?:id|i|d))\$[./A-Za-z0-9=,$+]{24,}",
    ),
];
